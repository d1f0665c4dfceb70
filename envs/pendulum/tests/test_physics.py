"""The pendulum moves as its equation says, within 1% over two seconds, everywhere between the bounds that it has."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from free_tasks import FREE_PENDULUM
from numpy.typing import NDArray
from pendulum_equations import PendulumEquations
from shared import shared_env

from blendgym.client.env import BlendEnv
from blendgym.envs.pendulum.task import MOTOR_SPEED, Pendulum

PERIOD = 1 / Pendulum.control_rate  # s
TWO_SECONDS = 40  # steps
TOLERANCE = 0.01  # of the range that the pendulum goes through

TORQUES: dict[str, Callable[[int], float]] = {
    "no torque": lambda step: 0.0,
    "constant torque": lambda step: 1.5,
    "square-wave torque": lambda step: 2.0 if step // 5 % 2 == 0 else -2.0,
}
PENDULUMS = {
    "nominal": {},
    "heavy and long": {"pole.mass": 2.0, "pole.length": 1.5},
    "light gravity": {"gravity": 2.0},
    "heavy gravity": {"gravity": 20.0},
    "damped": {"hinge.damping": 0.12},
}


free = shared_env(FREE_PENDULUM)


def simulated(env: BlendEnv, parameters: dict[str, float], torque: Callable[[int], float], steps: int) -> NDArray:
    env.reset(options={"params": parameters})
    return np.array([env.step(np.array([torque(step)], np.float32))[0] for step in range(steps)])


def expected(parameters: dict[str, float], torque: Callable[[int], float], steps: int) -> NDArray:
    physics = {name.replace(".", "_"): value for name, value in parameters.items() if name not in ("angle", "rate")}
    state = parameters.get("angle", 0.0), parameters.get("rate", 0.0)
    return PendulumEquations(**physics).trajectory(state, torque, steps, PERIOD)


def assert_close(actual: NDArray, wanted: NDArray) -> None:
    error = np.abs(actual - wanted).max(axis=0) / np.ptp(wanted, axis=0)
    assert error[0] < TOLERANCE, f"the angle is off by {error[0]:.2%}"
    assert error[1] < TOLERANCE, f"the angular velocity is off by {error[1]:.2%}"


@pytest.mark.parametrize("pendulum", PENDULUMS)
@pytest.mark.parametrize("torque", TORQUES)
def test_it_follows_its_equation_for_two_seconds(free, torque, pendulum):
    parameters = {**PENDULUMS[pendulum], "angle": 2.0, "rate": 0.5}
    actual = simulated(free, parameters, TORQUES[torque], TWO_SECONDS)
    assert_close(actual, expected(parameters, TORQUES[torque], TWO_SECONDS))


def test_a_short_and_light_pole_follows_it_too(free):
    parameters = {"pole.mass": 0.5, "pole.length": 0.5, "angle": 2.0, "hinge.damping": 0.12}
    actual = simulated(free, parameters, TORQUES["no torque"], TWO_SECONDS)
    assert_close(actual, expected(parameters, TORQUES["no torque"], TWO_SECONDS))


def test_a_positive_torque_turns_the_pole_towards_positive_x(free):
    states = simulated(free, {}, TORQUES["constant torque"], 1)
    assert states[0, 1] == pytest.approx(1.5 / PendulumEquations().inertia * PERIOD, rel=0.01)


def test_the_energy_of_a_swing_without_torque_drifts_by_less_than_three_thousandths(free):
    states = simulated(free, {"angle": 2.0}, TORQUES["no torque"], 5 * TWO_SECONDS)
    energy = PendulumEquations().energy(states)
    drift = np.abs(energy - energy[0]).max() / (9.81 * 1.0)  # J between the lowest and the highest position
    assert drift < 0.003, f"energy drifts by {drift:.2%} in 10 s"


def test_a_motor_at_its_top_speed_brakes_but_does_not_drive(make_env):
    env = make_env("blendgym.envs.pendulum.task:Pendulum")
    parameters = {"gravity": 2.0, "torque.scale": 4.0, "start.spread": 0.0}
    env.reset(seed=0, options={"params": parameters})
    full, brake = np.ones(1, np.float32), -np.ones(1, np.float32)
    speeds = np.array([env.step(full)[0][2] for _ in range(100)])
    fall = math.sqrt(6 * parameters["gravity"])  # rad/s that gravity alone adds on the way down
    assert MOTOR_SPEED < speeds.max() < MOTOR_SPEED + fall
    before = env.step(full)[0][2]
    assert env.step(brake)[0][2] < before
