"""What flies and bounces does it by closed forms: those of the textbook, and those of Bullet's time steps."""

from __future__ import annotations

import numpy as np
import pytest
from zoo_episodes import GRAVITY, angles_about, watch

STEP = 1 / 500  # s, of physics: 50 Hz with 10 substeps


@pytest.fixture(scope="module")
def fall(zoo):
    return zoo("Fall")


def test_a_thrown_box_flies_on_a_parabola_that_lags_by_half_a_time_step(fall):
    seen, time = watch(fall, 50).of(0), np.arange(51) / 50
    start, velocity = seen.position[0], seen.velocity[0]
    parabola = start + velocity * time[:, None] - [0.0, 0.0, GRAVITY / 2] * time[:, None] ** 2
    lag = np.array([0.0, 0.0, GRAVITY / 2 * STEP]) * time[:, None]
    np.testing.assert_allclose(seen.position, parabola - lag, rtol=0, atol=5e-5)
    np.testing.assert_allclose(seen.velocity, velocity - np.outer(time, [0.0, 0.0, GRAVITY]), rtol=0, atol=1e-4)


def test_a_spinning_box_keeps_its_spin(fall):
    seen, time = watch(fall, 50).of(0), np.arange(51) / 50
    assert abs(seen.spin[0, 2]) > 1.0
    np.testing.assert_allclose(seen.spin, seen.spin[:1].repeat(51, axis=0), rtol=0, atol=5e-5)
    np.testing.assert_allclose(angles_about(2, seen.orientation), seen.spin[0, 2] * time, rtol=0, atol=1e-5)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_damping_takes_its_share_of_velocity_and_spin_in_a_second(fall, share):
    seen = watch(fall, 50, {"drag": share, "spin.drag": share}).of(0)
    assert seen.velocity[-1, :2] == pytest.approx((1 - share) * seen.velocity[0, :2], rel=1e-3)
    assert seen.spin[-1, 2] == pytest.approx((1 - share) * seen.spin[0, 2], rel=1e-3)


def heights_of_a_bounce(start, restitution, step, steps):
    """Bullet sees an impact once the ball is in the ground, and adds a fifth of the way out to the rebound."""
    height, velocity, heights = start, 0.0, [start]
    for _ in range(steps):
        if height < 0.0 and velocity < 0.0:
            velocity = -restitution * velocity - 0.2 * height / step
        else:
            velocity -= GRAVITY * step
        height += velocity * step
        heights.append(height)
    return np.array(heights)


@pytest.mark.parametrize("restitution", [0.3, 0.8])
@pytest.mark.parametrize("seed", range(4))
def test_a_ball_bounces_as_high_as_its_restitution_says_or_a_little_higher(zoo, seed, restitution):
    """The speed after an impact is between its share and that share plus 0.2, by where the time step meets it."""
    heights = watch(zoo("Bounce"), 40, {"restitution": restitution}, seed=seed).of(0).position[:, 2] - 0.1
    bottom = int(np.argmax(np.diff(heights) > 0.0))
    share = float(np.sqrt(heights[bottom:].max() / heights[0]))
    assert restitution - 0.005 < share < restitution + 0.2
    expected = heights_of_a_bounce(heights[0], restitution, STEP, 400)[::10]
    until = bottom + 5
    np.testing.assert_allclose(heights[:until], expected[:until], rtol=0, atol=2e-3)


def test_without_restitution_a_ball_stays_on_the_ground(zoo):
    heights = watch(zoo("Bounce"), 75, {"restitution": 0.0}).of(0).position[:, 2] - 0.1
    assert heights[-1] == pytest.approx(0.0, abs=1e-4)
