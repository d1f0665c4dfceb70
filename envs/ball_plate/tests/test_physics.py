"""The ball rolls and slips on the tilted plate by closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from shared import shared_env
from watched import BALL

GRAVITY, RADIUS = 9.81, 0.06
STILL = np.zeros(2, np.float32)
TILT = 0.04  # rad
TIME = np.arange(1, 101) / 100  # s
HALF_STEP = 0.001  # s, by which what falls or rolls is ahead, as Bullet integrates semi-implicitly


ball = shared_env(BALL)


def released(env, direction=0.0, tilt=TILT, **parameters):
    """How far the ball has come down the plate and to the side, how fast it is, and how high, from rest."""
    downhill = np.array((math.cos(direction), math.sin(direction)))
    given = {name.replace("__", "."): value for name, value in parameters.items()}
    level = {"level.x": tilt * downhill[0], "level.y": tilt * downhill[1]}
    start, _ = env.reset(seed=1, options={"params": {"start.spread": 0.1, "start.speed": 0.0, **level, **given}})
    seen = np.array([env.step(STILL)[0] for _ in TIME])
    moved = seen[:, :2] - start[:2]
    return moved @ downhill, moved @ (-downhill[1], downhill[0]), seen[:, 3:5] @ downhill, seen[:, 2]


@pytest.mark.parametrize("gravity", [3.0, GRAVITY])
@pytest.mark.parametrize("direction", [0.0, 0.9, 2.5, -2.0])
def test_a_ball_rolls_down_with_five_sevenths_of_the_pull_within_a_thousandth(ball, direction, gravity):
    way, aside, speed, height = released(ball, direction, ball__friction=0.5, gravity=gravity)
    acceleration = 5 / 7 * gravity * math.sin(TILT)
    np.testing.assert_allclose(way, acceleration * TIME * (TIME / 2 + HALF_STEP), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(speed, acceleration * TIME, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(aside, 0.0, atol=1e-5)
    np.testing.assert_allclose(height, RADIUS, atol=1e-6)


@pytest.mark.parametrize("share", [0.5, 0.9, 1.1, 3.0])
def test_a_ball_slips_where_friction_is_below_two_sevenths_of_the_slope(ball, share):
    friction = share * 2 / 7 * math.tan(TILT)
    pull, braked = math.sin(TILT), friction * math.cos(TILT)
    expected = GRAVITY * (pull - braked if share < 1.0 else 5 / 7 * pull)
    _, _, speed, _ = released(ball, ball__friction=friction)
    np.testing.assert_allclose(speed, expected * TIME, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("loss", "share", "part"),
    [("ball__rolling_loss", 0.3, 2 / 7), ("ball__rolling_loss", 0.8, 2 / 7), ("ball__drag", 0.4, 5 / 7)],
)
def test_rolling_friction_brakes_with_two_sevenths_of_its_decay_and_drag_with_five(ball, loss, share, part):
    pull, decay = 5 / 7 * GRAVITY * math.sin(TILT), -part * math.log1p(-share)
    _, _, speed, _ = released(ball, ball__friction=0.5, **{loss: share})
    np.testing.assert_allclose(speed, pull / decay * -np.expm1(-decay * TIME), rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("seed", range(4))
def test_a_ball_that_begins_rolling_goes_on_evenly_on_a_level_plate(ball, seed):
    start, _ = ball.reset(seed=seed, options={"params": {"start.spread": 0.1, "ball.friction": 0.5}})
    seen = np.array([ball.step(STILL)[0] for _ in TIME])
    np.testing.assert_allclose(seen[:, 3:5], np.tile(start[3:5], (100, 1)), atol=1e-3)
    np.testing.assert_allclose(seen[:, :2], start[:2] + TIME[:, None] * start[3:5], atol=1e-3)
