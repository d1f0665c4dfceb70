"""The acrobot moves as its Lagrangian says, within 1% over two seconds, everywhere between the bounds that it has."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from acrobot_equations import AcrobotEquations
from free_tasks import FREE_ACROBOT
from numpy.typing import NDArray
from shared import shared_env

from blendgym.client.env import BlendEnv
from blendgym.envs.acrobot.equations import TwoLinks
from blendgym.envs.acrobot.task import Acrobot

PERIOD = 1 / Acrobot.control_rate  # s
TWO_SECONDS = 20  # steps
TOLERANCE = 0.01  # of the range that each quantity goes through
START = ("angle", "elbow", "rate", "elbow_rate")

TORQUES: dict[str, Callable[[int], float]] = {
    "no torque": lambda step: 0.0,
    "constant torque": lambda step: 2.0,
    "square-wave torque": lambda step: 2.0 if step // 5 % 2 == 0 else -2.0,
}
ACROBOTS = {
    "nominal": {},
    "already swinging": {"rate": -2.0, "elbow_rate": 4.0},
    "heavy below": {"upper.mass": 0.5, "lower.mass": 2.0},
    "long below": {"upper.length": 0.9, "lower.length": 1.5},
    "long above": {"upper.length": 1.5, "lower.length": 0.9},
    "damped": {"upper.damping": 0.1, "lower.damping": 0.1},
    "light gravity": {"gravity": 4.0},
    "heavy gravity": {"gravity": 16.0},
}
OFTEN = [("no torque", acrobot) for acrobot in ACROBOTS] + [(torque, "nominal") for torque in TORQUES]
"""Each acrobot and each torque once."""


free = shared_env(FREE_ACROBOT)


def simulated(env: BlendEnv, parameters: dict[str, float], torque: Callable[[int], float], steps: int) -> NDArray:
    env.reset(options={"params": parameters})
    return np.array([env.step(np.array([torque(step)], np.float32))[0] for step in range(steps)])


def equations(parameters: dict[str, float]) -> AcrobotEquations:
    return AcrobotEquations(
        **{name.replace(".", "_"): value for name, value in parameters.items() if name not in START}
    )


@pytest.mark.parametrize(
    ("torque", "acrobot"),
    [
        (torque, acrobot) if (torque, acrobot) in OFTEN else pytest.param(torque, acrobot, marks=pytest.mark.long)
        for torque in TORQUES
        for acrobot in ACROBOTS
    ],
)
def test_it_follows_its_lagrangian_for_two_seconds(free, torque, acrobot):
    parameters = {"angle": 1.5, "elbow": 0.3, **ACROBOTS[acrobot]}
    actual = simulated(free, parameters, TORQUES[torque], TWO_SECONDS)
    start = np.array([parameters.get(name, 0.0) for name in START])
    wanted = equations(parameters).trajectory(start, TORQUES[torque], TWO_SECONDS, PERIOD)
    errors = np.abs(actual - wanted).max(axis=0) / np.ptp(wanted, axis=0)
    for name, error in zip(START, errors, strict=True):
        assert error < TOLERANCE, f"{name} is off by {error:.2%}"


def test_a_positive_torque_turns_the_lower_link_towards_positive_x_and_the_upper_one_back(free):
    rates = simulated(free, {}, TORQUES["constant torque"], 1)[0, 2:]
    wanted = AcrobotEquations().trajectory(np.zeros(4), TORQUES["constant torque"], 1, PERIOD)[0, 2:]
    assert rates == pytest.approx(wanted, rel=0.01)
    assert rates[0] < 0.0 < rates.sum()


def test_the_energy_of_a_swing_without_torque_is_kept_for_ten_seconds(free):
    states = simulated(free, {"angle": 2.0, "elbow": 1.0}, TORQUES["no torque"], 5 * TWO_SECONDS)
    energy = np.array([AcrobotEquations().energy(state) for state in states])
    # What is measured as velocity between two frames is not exact, so single values are off by more.
    drift = (energy[-20:].mean() - energy[:20].mean()) / (2 * 9.81 * (1.5 + 0.5))  # J between lowest and highest
    assert abs(drift) < 0.003, f"energy drifts by {drift:.2%} in 10 s"
    assert np.ptp(energy) / (2 * 9.81 * (1.5 + 0.5)) < 0.02


def test_the_equations_of_the_twin_are_those_of_its_lagrangian():
    generator = np.random.default_rng(0)
    for _ in range(20):
        values = {
            name: generator.uniform(each.low, each.high)
            for name, each in Acrobot.parameters.items()
            if each.group == "dynamics"
        }
        links, state, slopes = TwoLinks(1), generator.normal(0.0, 3.0, (4, 1)), np.empty((4, 1))
        links.set_parameters(np.array([0]), values)
        links.derivative(state, np.array([1.5]), slopes)
        physical = {name: value for name, value in values.items() if name not in ("torque.scale", "start.spread")}
        wanted = equations(physical).accelerations(state[:2, 0], state[2:, 0], 1.5)
        np.testing.assert_allclose(slopes[:, 0], [*state[2:, 0], *wanted], rtol=1e-5, atol=1e-5)
