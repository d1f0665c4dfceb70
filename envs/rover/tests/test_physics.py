"""The rover drives as its wheels turn, and slides as Coulomb says, within tolerances that are stated here."""

from __future__ import annotations

import math

import numpy as np
import pytest
from open_ground import OPEN_GROUND
from shared import shared_env

from blendgym.envs.rover.geometry import AXLE, BUMPER, CASTER, HEIGHT, TRACK, WHEEL_RADIUS

X, Y, Z, HEADING, UPRIGHT, LEFT, RIGHT = range(7)
RANGES, SPEED, RATE = slice(7, 23), 23, 24
WHEELS = [LEFT, RIGHT]
PERIOD = 0.1  # s
FORWARDS, STILL = (1.0, 0.0), (0.0, 0.0)
START, HALF_CRATE = -5.0, 0.5  # m
NOSE = BUMPER[0] / 2


ground = shared_env(OPEN_GROUND)


def driven(env, action, steps, **parameters):
    """The states after each of some steps with one action, and whether something was touched."""
    env.reset(seed=0, options={"params": {name.replace("_", "."): value for name, value in parameters.items()}})
    results = [env.step(np.array(action, np.float32)) for _ in range(steps)]
    return np.array([result[0] for result in results]), np.array([result[1] for result in results]) > 0


def test_a_rover_that_rests_stays_where_it_is(ground):
    states, _ = driven(ground, STILL, 50)
    assert np.abs(states[:, [X, Y]] - (START, 0.0)).max() < 5e-3, "it should creep by less than a millimetre a second"
    assert np.abs(states[:, Z] - HEIGHT).max() < 1e-3
    assert np.abs(states[:, HEADING]).max() < 5e-3


@pytest.mark.parametrize("throttle", [0.3, 1.0, -0.2])
def test_it_is_as_fast_as_its_wheels_roll(ground, throttle):
    states = driven(ground, (throttle, 0.0), 30)[0][15:]
    speed = np.diff(states[:, X]).mean() / PERIOD
    assert speed == pytest.approx(states[:, WHEELS].mean() * WHEEL_RADIUS, rel=5e-3)
    assert speed == pytest.approx(1.5 * throttle, rel=5e-3)
    np.testing.assert_allclose(states[1:, SPEED], np.diff(states[:, X]) / PERIOD, atol=1e-3)


@pytest.mark.parametrize("action", [(0.5, 0.5), (0.5, -0.25), (1.0, 0.5)])
def test_it_drives_in_a_circle_whose_radius_is_speed_by_yaw_rate(ground, action):
    states = driven(ground, action, 40)[0][10:]
    ahead = np.stack([np.cos(states[:, HEADING]), np.sin(states[:, HEADING])], axis=1)
    axle = states[:, :2] + AXLE[0] * ahead
    x, y, rest = np.linalg.lstsq(np.c_[2 * axle, np.ones(len(axle))], (axle**2).sum(axis=1), rcond=None)[0]
    speeds = states[:, WHEELS].mean(axis=0) * WHEEL_RADIUS
    radius = TRACK / 2 * speeds.sum() / abs(speeds[1] - speeds[0])
    assert math.sqrt(rest + x**2 + y**2) == pytest.approx(radius, rel=0.03)
    assert radius == pytest.approx(1.5 * action[0] / abs(2.0 * action[1]), rel=0.03)
    np.testing.assert_allclose(states[1:, RATE], np.diff(np.unwrap(states[:, HEADING])) / PERIOD, atol=1e-3)
    assert states[:, RATE].mean() == pytest.approx(2.0 * action[1], rel=0.05)


def test_a_biased_motor_drives_a_curve_to_the_left(ground):
    states, _ = driven(ground, FORWARDS, 20, motor_bias=0.1)
    rate = (states[-1, HEADING] - states[-6, HEADING]) / (5 * PERIOD)
    assert rate == pytest.approx(2 * 0.1 * 1.5 / TRACK, rel=0.03)


@pytest.mark.parametrize("torque", [0.5, 1.0])
def test_it_accelerates_as_the_torque_of_its_motors_says(ground, torque):
    states, _ = driven(ground, FORWARDS, 6, motor_torque=torque, speed_scale=2.5)
    mass = 6.0 + 0.5 + 2 * 0.5 * (1 + 2 / 5)  # The wheels are balls, which turn as well.
    acceleration = np.diff(states[:, X], n=2).mean() / PERIOD**2
    assert acceleration == pytest.approx(2 * torque / WHEEL_RADIUS / mass, rel=0.03)


@pytest.mark.parametrize("friction", [0.1, 0.2, 0.4])
def test_it_stops_in_the_distance_that_friction_allows(ground, friction):
    """The wheels are held; what they carry follows from the moments about the point where the caster stands."""
    states, _ = driven(ground, STILL, 40, start_speed=2.0, ground_friction=friction, motor_torque=6.0)
    parts = np.array([(6.0, 0.0, HEIGHT), (0.5, -0.16, HEIGHT + 0.19), (1.0, AXLE[0], WHEEL_RADIUS)])
    _, along, height = (parts[:, :1] * parts).sum(axis=0) / parts[:, 0].sum()
    carried = (CASTER[0] - along) / (CASTER[0] - AXLE[0] + friction * height)
    distance = 2.0**2 / (2 * friction * 9.81 * carried)
    assert states[-1, X] - START == pytest.approx(distance, rel=0.05)


def test_wheels_spin_where_the_ground_is_slippery(ground):
    states, _ = driven(ground, FORWARDS, 5, ground_friction=0.1)
    assert states[2, WHEELS].mean() * WHEEL_RADIUS > 2 * states[2, SPEED]


def test_rays_tell_how_far_the_bumper_is_from_what_is_there(ground):
    states, _ = driven(ground, STILL, 1, crate_x=START + 2.0, crate_y=0.0)
    inset = 0.02
    assert states[0, RANGES][0] == pytest.approx(2.0 - HALF_CRATE - NOSE + inset, abs=2e-3)
    assert states[0, RANGES][8] == pytest.approx(2.0 - NOSE + inset, abs=2e-3)
    assert states[0, RANGES][4] == 6.0


def test_it_stops_at_a_crate_touches_it_and_stays_upright(ground):
    states, touches = driven(ground, FORWARDS, 60, crate_x=START + 2.0, crate_y=0.0, speed_scale=2.5)
    assert states[:, UPRIGHT].min() > 0.99
    np.testing.assert_allclose(states[-10:, X], START + 2.0 - HALF_CRATE - NOSE, atol=5e-3)
    assert touches[-10:].all()
    assert not touches[:3].any()


@pytest.mark.parametrize("y", np.linspace(0.0, 0.8, 9))
def test_whatever_part_of_the_bumper_touches_is_felt(ground, y):
    _, touches = driven(ground, FORWARDS, 30, crate_x=START + 2.0, crate_y=y)
    assert touches.any()


@pytest.mark.parametrize(
    ("parameters", "leans"),
    [({}, False), ({"payload.mass": 5.0, "speed.scale": 2.5, "gravity": 1.62}, True)],
    ids=["nominal", "top-heavy, fast and on the Moon"],
)
def test_however_it_is_driven_it_leans_only_where_that_can_be_expected(ground, parameters, leans):
    ground.reset(seed=0, options={"params": parameters})
    rng = np.random.default_rng(0)
    states = [ground.step(rng.choice([-1.0, 1.0], 2).astype(np.float32))[0] for _ in range(100)]
    assert (min(state[UPRIGHT] for state in states) < 0.95) == leans
