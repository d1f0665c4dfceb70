"""A task moves a camera, and is told what it sees: as geometry has it, and as captures tell."""

from __future__ import annotations

import numpy as np
import pytest
from shared import shared_env
from sights.geometry import DISTANCE, visible_share

from blendgym.errors import SceneError
from blendgym.vector.vector_env import BlendVectorEnv

TASK = "sights.tasks:Looking"
SIZE = {"width": 64, "height": 48}
PIXEL = 1 / 20  # of the tile, more than a column of it


env = shared_env(TASK)


def across(metres):
    return np.array([metres / 2.0], np.float32)


def looked(env, metres):
    return env.step(across(metres))[0]


@pytest.mark.parametrize("metres", [-1.5, -0.5, 0.0, 0.3, 0.8, 1.5])
def test_the_visible_share_is_that_of_geometry(env, metres):
    env.reset(seed=0)
    assert looked(env, metres)[1] == pytest.approx(visible_share(metres), abs=PIXEL)


def test_what_is_behind_a_wall_is_not_seen_and_after_a_move_it_is(env):
    env.reset(seed=0)
    hidden, seen = looked(env, -1.5), looked(env, 1.5)
    assert hidden[:4].tolist() == [0.0] * 4
    assert (seen[0] > 300, seen[1]) == (True, 1.0)


@pytest.mark.parametrize("metres", [-1.0, 0.2, 1.2])
def test_a_task_is_told_what_a_capture_tells(env, metres):
    env.reset(seed=0)
    pixels, visibility, left, right, _ = looked(env, metres)
    capture = env.capture(passes=("segmentation",), visibility=True, **SIZE)
    (tile,) = (each for each in capture.objects if each.name == "Tile")
    assert (pixels, visibility) == (tile.pixels, tile.visibility)
    assert np.count_nonzero(capture.images["segmentation"] == tile.id) == pixels
    assert (left, right) == (tile.box[::2] if tile.box else (0.0, 0.0))


def test_an_observed_image_shows_what_the_moved_camera_sees(make_env):
    images = make_env(TASK, obs_type="rgb", **SIZE)
    built = images.reset(seed=0)[0]
    moved = images.step(across(1.0))[0]
    assert not np.array_equal(moved, built)
    turned = [[1.0, 0.0, 0.0, -1.0], [0.0, 0.0, -1.0, 0.0], [0.0, 1.0, 0.0, DISTANCE], [0.0, 0.0, 0.0, 1.0]]
    images.step(across(-1.0))
    expected = images.capture(world_to_camera=turned, shadow_maps=False, **SIZE).images["rgb"]
    np.testing.assert_array_equal(moved, expected)


def test_the_next_episode_begins_with_the_camera_where_it_was_built_or_a_parameter_has_it(env):
    def first(**values):
        env.reset(seed=0, options={"params": values})
        return env.capture(**SIZE).images["rgb"]

    near, far = first(), first(**{"camera.distance": 12.0})
    for _ in range(2):
        looked(env, 1.0)
        np.testing.assert_array_equal(first(**{"camera.distance": 12.0}), far)
        looked(env, -0.3)
        np.testing.assert_array_equal(first(), near)


def test_where_a_camera_looks_changes_nothing_of_the_motion(env):
    def heights(step):
        env.reset(seed=0)
        return [looked(env, step * number)[-1] for number in range(20)]

    times = np.arange(1, 21) / 20.0
    still = heights(0.0)
    assert still == pytest.approx(30.0 - 9.81 / 2 * times * (times + 0.05), abs=1e-3)
    assert heights(0.1) == still


def test_every_slot_looks_with_its_own_camera(env):
    metres = [-1.5, 0.0, 1.5]
    envs = BlendVectorEnv(TASK, num_envs=3, num_servers=1)
    try:
        envs.reset(seed=[0, 0, 0])
        together = envs.step(np.array([across(each) for each in metres]))[0]
    finally:
        envs.close()
    for each, row in zip(metres, together, strict=True):
        env.reset(seed=0)
        np.testing.assert_array_equal(looked(env, each), row)


def test_cameras_that_cannot_be_placed_or_are_not_there_are_errors(make_env):
    with pytest.raises(SceneError) as caught:
        make_env("sights.tasks:Refused").reset(seed=0)
    in_reset, carried, nobody, nan, nowhere, unseen, small = str(caught.value).split("\n")
    assert in_reset.startswith("Cameras see in a running episode")
    assert "'Carried' cannot be placed: in its file it is moved by 'Ball'" in carried
    assert "no camera 'Nobody'; it has Camera, Carried" in nobody
    assert "The position of camera 'Camera' has to be 3 finite numbers" in nan
    assert "'Camera' cannot look at the point where it is" in nowhere
    assert "no camera 'Nobody'" in unseen
    assert "The width of an image is 0" in small
