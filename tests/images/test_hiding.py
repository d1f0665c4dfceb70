"""What a task hides and shows while an episode runs is hidden and shown in all engines; physics does not mind."""

from __future__ import annotations

import numpy as np
import pytest
from sights.grid import HEIGHT, WIDTH

TASK = "sights.tasks:Hiding"
SHOW, HIDE, WAIT = (np.array([value], np.float32) for value in (1.0, -1.0, 0.0))


def names_in(env, engine):
    """Names of what has ids, and the share of those pixels that have colours."""
    images = env.capture("Camera", ("rgb", "segmentation"), WIDTH, HEIGHT, engine, samples=1).images
    ids = images["segmentation"]
    np.testing.assert_array_equal(images["rgb"].max(axis=2) > 8, ids > 0)
    return {env.objects[number].name for number in np.unique(ids).tolist() if number}


@pytest.mark.parametrize("engine", ["raster", "workbench", "cycles"])
def test_hide_render_decides_at_every_moment(make_env, engine):
    env = make_env(TASK)
    env.reset(seed=0)
    assert names_in(env, engine) == {"Falling"}
    env.step(SHOW)
    assert names_in(env, engine) == {"Falling", "Slab"}
    env.step(HIDE)
    assert names_in(env, engine) == {"Falling"}
    env.step(SHOW)
    env.reset(seed=0)
    assert names_in(env, engine) == {"Falling"}


def test_a_hidden_body_holds_what_falls_on_it_and_pictures_change_nothing(make_env):
    watched, alone = make_env(TASK), make_env(TASK)
    for env in (watched, alone):
        env.reset(seed=0)
    for number in range(40):
        action = (SHOW, WAIT, HIDE)[number % 3]
        expected, seen = alone.step(action)[0], watched.step(action)[0]
        np.testing.assert_array_equal(seen, expected)
        watched.capture("Camera", ("rgb",), 32, 24, "raster" if number % 2 else "workbench")
    assert seen[0] == pytest.approx(0.75, abs=0.01), "the cube lies on the slab"


def test_a_blurred_picture_shows_what_a_sharp_one_shows(make_env):
    env = make_env("sights.tasks:Blurred")
    env.reset(seed=0)
    env.step(WAIT)
    sharp, blurred = (
        env.capture("Camera", ("rgb",), WIDTH, HEIGHT, "cycles", samples=1, motion_blur=shutter).images["rgb"]
        for shutter in (0.0, 0.001)
    )
    seen = sharp.max(axis=2) > 8
    assert seen.sum() > 100
    assert ((blurred.max(axis=2) > 8) != seen).sum() <= 8, "silhouettes"
