"""The cart-pole that swings up moves as the textbook says, within 1% over two seconds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from cartpole_equations import CartpoleEquations
from free_tasks import SWINGING
from shared import shared_env

PERIOD = 0.02  # s
TWO_SECONDS = 100  # steps
TOLERANCE = 0.01  # of the range that each quantity goes through
HANGING = np.pi

FORCES: dict[str, Callable[[int], float]] = {
    "no force": lambda step: 0.0,
    "square-wave push": lambda step: 6.0 if step // 10 % 2 == 0 else -6.0,
}
SYSTEMS = {
    "nominal": {"angle": 2.0},
    "hanging": {"angle": HANGING - 0.1},
    "going over": {"angle": 2.0, "rate": 5.0},
    "heavy pole": {"angle": 2.0, "pole.mass": 1.0, "pole.length": 2.0, "cart.mass": 0.25},
    "heavy cart": {"angle": 0.5, "pole.mass": 1.0, "pole.length": 2.0, "cart.mass": 4.0},
    "short pole": {"angle": 2.0, "pole.mass": 0.05, "pole.length": 0.3, "hinge.damping": 0.002},
    "damped": {"angle": 2.0, "hinge.damping": 0.002, "track.damping": 1.0},
    "light gravity": {"angle": 2.0, "gravity": 1.0},
}


swinging = shared_env(SWINGING)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("force", FORCES)
def test_it_follows_the_equations_for_two_seconds(swinging, force, system):
    parameters, push = SYSTEMS[system], FORCES[force]
    swinging.reset(options={"params": parameters})
    actual = np.array([swinging.step(np.array([push(step)], np.float32))[0] for step in range(TWO_SECONDS)])
    physics = {name.replace(".", "_"): value for name, value in parameters.items() if name not in ("angle", "rate")}
    start = (0.0, 0.0, parameters["angle"], parameters.get("rate", 0.0))
    wanted = CartpoleEquations(**physics).trajectory(start, push, TWO_SECONDS, PERIOD)
    for name, error in zip(
        ("position", "velocity", "angle", "rate"),
        np.abs(actual - wanted).max(axis=0) / np.ptp(wanted, axis=0),
        strict=True,
    ):
        assert error < TOLERANCE, f"{name} is off by {error:.2%}"


def test_the_energy_of_a_swing_without_force_drifts_by_less_than_three_thousandths(swinging):
    swinging.reset(options={"params": {"angle": 2.0}})
    states = np.array([swinging.step(np.zeros(1, np.float32))[0] for _ in range(5 * TWO_SECONDS)])
    energy = CartpoleEquations().energy(states)
    drift = np.abs(energy - energy[0]).max() / (0.1 * 9.81)  # J between the pole's lowest and highest position
    assert drift < 0.003, f"energy drifts by {drift:.2%} in 10 s"
