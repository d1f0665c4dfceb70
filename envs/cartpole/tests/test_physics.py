"""The cart-pole moves as the textbook says, within tolerances that are stated here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from cartpole_equations import CartpoleEquations
from free_tasks import ENDLESS
from numpy.typing import NDArray
from shared import shared_env

from blendgym.client.env import BlendEnv

PERIOD = 0.02  # s
SECOND = 50  # steps
POSITION_TOLERANCE = 5e-3  # m
ANGLE_TOLERANCE = 1e-2  # rad

FORCES: dict[str, Callable[[int], float]] = {
    "no force": lambda step: 0.0,
    "constant push": lambda step: 3.0,
    "square-wave push": lambda step: 5.0 if step // 10 % 2 == 0 else -5.0,
}
BODIES = {
    "nominal": {"cart.mass": 1.0, "pole.mass": 0.1, "pole.length": 1.0},
    "light and short": {"cart.mass": 0.5, "pole.mass": 0.3, "pole.length": 0.6},
    "heavy and long": {"cart.mass": 2.0, "pole.mass": 0.5, "pole.length": 2.0},
}


endless = shared_env(ENDLESS)


def simulated(env: BlendEnv, parameters: dict[str, float], force: Callable[[int], float], steps: int) -> NDArray:
    env.reset(options={"params": parameters})
    return np.array([env.step(np.array([force(step)], np.float32))[0] for step in range(steps)])


def expected(parameters: dict[str, float], force: Callable[[int], float], steps: int) -> NDArray:
    state = tuple(parameters.get(name, 0.0) for name in ("x", "velocity", "angle", "rate"))
    names = ("cart.mass", "pole.mass", "pole.length", "gravity", "track.damping", "hinge.damping")
    physics = {name.replace(".", "_"): parameters[name] for name in names if name in parameters}
    return CartpoleEquations(**physics).trajectory(state, force, steps, PERIOD)


def assert_close(actual: NDArray, wanted: NDArray) -> None:
    error = np.abs(actual - wanted).max(axis=0)
    assert error[0] < POSITION_TOLERANCE, f"position is off by {error[0]:.1e} m"
    assert error[2] < ANGLE_TOLERANCE, f"angle is off by {error[2]:.1e} rad"


@pytest.mark.parametrize("bodies", BODIES)
@pytest.mark.parametrize("force", FORCES)
def test_it_follows_the_equations_for_one_second(endless, force, bodies):
    parameters = {**BODIES[bodies], "angle": 0.1}
    assert_close(simulated(endless, parameters, FORCES[force], SECOND), expected(parameters, FORCES[force], SECOND))


@pytest.mark.parametrize(
    "state",
    [
        {"velocity": 0.5, "angle": 0.1, "rate": -0.3},
        {"x": -1.0, "velocity": -1.0, "angle": -0.2, "rate": -1.0},
        {"velocity": 0.5, "angle": 2.0, "rate": 3.0},
    ],
    ids=["slow", "fast", "hanging and spinning"],
)
def test_initial_velocities_are_the_ones_that_were_asked_for(endless, state):
    force = FORCES["square-wave push"]
    actual, wanted = simulated(endless, state, force, SECOND), expected(state, force, SECOND)
    assert_close(actual, wanted)
    np.testing.assert_allclose(actual[0], wanted[0], atol=5e-3)


def test_observed_velocities_are_those_at_the_end_of_the_step(endless):
    state = {"velocity": 0.5, "angle": 0.1, "rate": -0.3}
    force = FORCES["square-wave push"]
    actual, wanted = simulated(endless, state, force, 40), expected(state, force, 40)
    error = np.abs(actual - wanted).max(axis=0)
    mean_velocity_error = 0.5 * PERIOD * 5.0  # what a difference of positions would be off by under 5 N on 1 kg
    assert error[1] < mean_velocity_error / 10
    assert error[3] < 2e-2


@pytest.mark.parametrize(
    "parameters",
    [
        {"velocity": 1.0, "angle": 0.3, "track.damping": 2.0},
        {"angle": 0.3, "hinge.damping": 0.002},
        {"velocity": 1.0, "angle": 0.3, "track.damping": 1.0, "hinge.damping": 0.002, "pole.length": 0.5},
        {"angle": 0.3, "gravity": 3.7},
    ],
    ids=["track", "hinge", "both", "gravity of Mars"],
)
def test_damping_and_gravity_follow_the_equations(endless, parameters):
    force = FORCES["no force"]
    assert_close(simulated(endless, parameters, force, SECOND), expected(parameters, force, SECOND))


def test_a_full_turn_is_counted_on_and_not_wrapped(endless):
    states = simulated(endless, {"angle": 0.5, "rate": 5.0}, FORCES["no force"], 4 * SECOND)
    assert states[-1, 2] > 2 * np.pi
    assert np.abs(np.diff(states[:, 2])).max() < 1.0


def test_bodies_that_were_at_rest_for_long_still_obey_the_motor(endless):
    hanging_still = {"angle": np.pi}
    states = simulated(endless, hanging_still, lambda step: 0.0 if step < 250 else 3.0, 260)
    assert np.abs(states[249, [1, 3]]).max() < 1e-3, "it should not have moved for 5 s"
    np.testing.assert_allclose(states[-1], expected(hanging_still, lambda step: 3.0, 10)[-1], atol=2e-2)


def test_a_swing_goes_on_when_blenders_point_cache_is_full_and_lengthened(endless):
    full = 4096  # frames
    states = simulated(endless, {"angle": 2.0}, FORCES["no force"], full + SECOND)
    energy = CartpoleEquations().energy(states)
    moves = np.abs(np.diff(states, axis=0)).max(1)
    assert np.abs(np.diff(energy))[-2 * SECOND :].max() < 1e-3
    assert moves[-2 * SECOND :].min() > 1e-3, "it stands still"


def test_the_energy_of_an_unforced_swing_drifts_by_less_than_three_thousandths(endless):
    states = simulated(endless, {"angle": 2.0}, FORCES["no force"], 10 * SECOND)
    energy = CartpoleEquations().energy(states)
    scale = 0.1 * 9.81 * 1.0  # the energy between lowest and highest position of the pole
    drift = np.abs(energy - energy[0]).max() / scale
    assert drift < 0.003, f"energy drifts by {drift:.2%} in 10 s"
