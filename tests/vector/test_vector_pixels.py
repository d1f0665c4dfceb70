"""Many environments that see: the images of single environments, in every autoreset mode, and pictures of each."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from vectors import SEED, assert_same, in_mode, make_vec, rollout, rollout_of, single

IMAGES = {"obs_type": "state_rgb_depth", "width": 24, "height": 16, "max_episode_steps": 3}


@pytest.fixture(scope="module")
def singles():
    """Single environments that see, under Gymnasium's own vector environment."""
    envs = SyncVectorEnv([lambda: single(**IMAGES)] * 3)
    yield envs
    envs.close()


@pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)
def test_images_are_those_of_single_environments(singles, mode):
    ours = rollout_of(make_vec(3, autoreset_mode=mode, num_servers=2, **IMAGES), steps=8)
    theirs = rollout(in_mode(singles, mode), steps=8)
    assert ours[0][0]["rgb"].shape == (3, 16, 24, 3)
    assert sum(result[3].any() for result in ours if len(result) == 5) == 2
    assert_same(ours, theirs)


def test_images_that_were_handed_out_are_the_callers():
    envs = make_vec(2, **IMAGES)
    first, _ = envs.reset(seed=SEED)
    kept = first["rgb"].copy()
    second = envs.step(np.ones(2, np.int64))[0]["rgb"]
    np.testing.assert_array_equal(first["rgb"], kept)
    moved = second.copy()
    second[:] = 0
    after, _ = envs.reset(options={"reset_mask": np.array([True, False])})
    envs.close()
    np.testing.assert_array_equal(after["rgb"][1], moved[1])


def test_every_episode_has_the_look_of_the_environment():
    red = {"surfaces": {"Cart": {"colour": [0.9, 0.0, 0.0]}}}
    arguments = {"obs_type": "rgb", "width": 24, "height": 16, "appearance": red, "max_episode_steps": 2}
    made = make_vec(2, autoreset_mode="SameStep", **arguments)
    made.reset(seed=SEED)
    made.step(np.ones(2, np.int64))
    begun = made.step(np.ones(2, np.int64))[0]
    made.close()
    env = single(**arguments)
    env.reset(seed=SEED)
    np.testing.assert_array_equal(begun[0], env.reset()[0])
    env.close()


@pytest.mark.parametrize("engine", ["raster", "workbench", pytest.param("cycles", marks=pytest.mark.long)])
def test_every_environment_has_a_look_and_lengths_of_its_own(engine):
    arguments = {"obs_type": "rgb_segmentation", "width": 32, "height": 24, "engine": engine}
    options = {
        "params": [{}, {"pole.length": 2.5}],
        "appearance": [{"surfaces": {"Cart": {"colour": [0.9, 0.1, 0.1]}}}, {}],
    }

    def both(envs):
        seen = [envs.reset(seed=1, options=options)[0], envs.step(np.ones(2, np.int64))[0]]
        envs.close()
        return seen

    def one(env, row):
        own = {name: values[row] for name, values in options.items()}
        return [env.reset(seed=1 + row, options=own)[0], env.step(1)[0]]

    env = single(**arguments)
    together, apart = both(make_vec(2, **arguments)), [one(env, 0), one(env, 1)]
    env.close()
    for step, observations in enumerate(together):
        for name, images in observations.items():
            np.testing.assert_array_equal(images, [apart[row][step][name] for row in (0, 1)])


def test_pictures_of_every_environment():
    made = make_vec(2, render_mode="rgb_array", render_width=48, render_height=32)
    made.reset(seed=0)
    images = made.render()
    assert [image.shape for image in images] == [(32, 48, 3)] * 2
    made.step(np.array([0, 1]))
    assert not np.array_equal(*made.render())
    capture = made.slots[1].capture(passes=("segmentation",), width=32, height=24)
    assert {seen.name for seen in capture.objects} >= {"Cart", "Pole", "Ground"}
    assert made.slots[0].objects == made.slots[1].objects
    made.close()
