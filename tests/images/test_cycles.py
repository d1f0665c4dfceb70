"""The physically based end of the scale: samples, bounces, denoiser, depth of field, motion blur."""

from __future__ import annotations

import numpy as np
import pytest
from shared import shared_env

SMALL = {"engine": "cycles", "width": 96, "height": 72}


def picture(env, **options):
    return env.capture(passes=("rgb_linear",), **{**SMALL, **options}).images["rgb_linear"]


@pytest.fixture
def env(cartpole):
    cartpole.reset(seed=0)
    return cartpole


endless = shared_env("free_tasks:EndlessCartpole")


def noise(image):
    """Mean difference of neighbours on the ground, which is smooth."""
    return np.abs(np.diff(image[50:, :, 1], axis=1)).mean()


def test_more_samples_and_the_denoiser_make_less_noise(env):
    few, many, denoised = picture(env), picture(env, samples=64), picture(env, samples=4, denoise=True)
    assert noise(many) < noise(few) / 3
    assert noise(denoised) < noise(few) / 3


def test_light_that_bounces_makes_the_shade_brighter(env):
    direct, bounced = (picture(env, samples=64, bounces=bounces) for bounces in (0, 4))
    shade = direct[..., 0] < 0.1
    assert shade.sum() > 20
    assert bounced[shade].mean() > 1.1 * direct[shade].mean()


def test_what_is_out_of_focus_is_blurred(env):
    sharp = picture(env, samples=32)
    near_focus = picture(env, samples=32, focus_distance=1.0, f_stop=0.1)
    edge = [np.abs(np.diff(image[:, :, 2], axis=1)).max() for image in (sharp, near_focus)]
    assert edge[1] < edge[0] / 2


def test_annotations_stay_exact_whatever_happens_to_the_colours(env):
    passes = ("depth", "normals", "segmentation")
    plain = env.capture(passes=passes, **SMALL).images
    fancy = env.capture(
        passes=("rgb", *passes), samples=4, denoise=True, bounces=2, motion_blur=1.0, focus_distance=2.0, **SMALL
    ).images
    np.testing.assert_array_equal(plain["segmentation"], fancy["segmentation"])
    for name in passes:
        np.testing.assert_allclose(plain[name], fancy[name], rtol=1e-6, atol=1e-6)


def strip_at(env, point, width=160, height=4):
    """A camera matrix for a small part of a large picture, with a point of the world in its middle."""
    whole = env.capture(width=640, height=480)
    matrix = whole.intrinsics.copy()
    matrix[:2, 2] += np.array([width - 1, height - 1]) / 2 - whole.project(point)
    return {"intrinsics": matrix, "width": width, "height": height, "samples": 64}


def swept_columns(env, strip, shutter):
    difference = picture(env, motion_blur=shutter, **strip) - picture(env, **strip)
    return np.flatnonzero(np.abs(difference).max(axis=(0, 2)) > 0.02)


def test_the_shutter_sweeps_over_the_way_of_its_time(endless):
    endless.reset(options={"params": {"velocity": 5.0, "x": -1.0}})
    for _ in range(4):
        state, *_ = endless.step(np.zeros(1, np.float32))
    strip = strip_at(endless, [state[0], -0.025, 0.9])
    columns = swept_columns(endless, strip, shutter=1.0)
    # From 5 m/s · 0.02 s behind the pole's left side to its right side now; its front is 6.6 m away.
    metre = strip["intrinsics"][0, 0] / 6.6
    middle = (strip["width"] - 1) / 2
    assert columns.min() == pytest.approx(middle - (0.1 + 0.025) * metre, abs=1.5)
    assert columns.max() == pytest.approx(middle + 0.025 * metre, abs=1.5)


def test_half_a_shutter_sweeps_half_the_way(endless):
    endless.reset(options={"params": {"velocity": 5.0}})
    state, *_ = endless.step(np.zeros(1, np.float32))
    strip = strip_at(endless, [state[0], -0.025, 0.9])
    half, whole = (np.ptp(swept_columns(endless, strip, shutter)) for shutter in (0.5, 1.0))
    assert whole - half == pytest.approx(0.05 * strip["intrinsics"][0, 0] / 6.6, abs=2)


def test_a_camera_that_rides_along_blurs_what_it_passes_and_not_what_it_rides_on(make_env):
    env = make_env("free_tasks:RidingCartpole")
    env.reset(options={"params": {"velocity": 5.0}})
    env.step(np.zeros(1, np.float32))
    size = {"width": 160, "height": 120, "samples": 32}
    ids = env.capture(passes=("segmentation",), **{**SMALL, **size}).images["segmentation"]
    difference = np.abs(picture(env, motion_blur=1.0, **size) - picture(env, **size)).max(axis=2)
    number = {entry.name: entry.id for entry in env.objects.values()}
    assert np.median(difference[ids == number["Cart"]]) < 0.01
    assert np.percentile(difference[ids == number["Rail"]], 90) > 0.05


def test_after_a_blurred_picture_everything_is_where_it_was(endless):
    endless.reset(options={"params": {"velocity": 5.0}})
    endless.step(np.zeros(1, np.float32))
    before = endless.capture(passes=("segmentation",), **SMALL).images["segmentation"]
    picture(endless, motion_blur=1.0)
    for engine in ("cycles", "raster"):
        after = endless.capture(passes=("segmentation",), **{**SMALL, "engine": engine}).images["segmentation"]
        np.testing.assert_array_equal(before, after)


def test_blurred_pictures_leave_nothing_behind(make_env):
    env = make_env("tasks:Inventory")
    env.reset(seed=0)
    picture(env, motion_blur=1.0)
    once, *_ = env.step(np.zeros(1, np.float32))
    for _ in range(3):
        picture(env, motion_blur=0.5)
    again, *_ = env.step(np.zeros(1, np.float32))
    np.testing.assert_array_equal(once, again)


def test_motion_blur_does_not_disturb_the_simulation(endless):
    def episode(is_watched):
        yield endless.reset(options={"params": {"velocity": 1.0, "angle": 0.3}})[0]
        for _ in range(5):
            if is_watched:
                picture(endless, motion_blur=0.5, samples=2)
            yield endless.step(np.ones(1, np.float32))[0]

    np.testing.assert_array_equal(list(episode(is_watched=True)), list(episode(is_watched=False)))
