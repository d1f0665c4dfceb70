"""Instances that differ from episode to episode have ids and names that follow from the seed alone."""

from __future__ import annotations

import numpy as np
import pytest
from sights.grid import HEIGHT, WIDTH

from blendgym.vector.vector_env import BlendVectorEnv

TASK = "sights.tasks:Scattered"
IMAGES = {"obs_type": "segmentation", "width": WIDTH, "height": HEIGHT}
SEEDS = range(8)


def names_in(image, objects):
    """Names of what has ids in an image."""
    return sorted(objects[number].name for number in np.unique(image).tolist() if number)


@pytest.fixture(scope="module")
def seen():
    """Segmentation of the first episode of a server, by seed."""
    envs = BlendVectorEnv(TASK, len(SEEDS), num_servers=1, **IMAGES)
    images = envs.reset(seed=list(SEEDS))[0]
    yield images
    envs.close()


def test_every_episode_names_what_it_shows_whatever_came_before(make_env, seen):
    env = make_env(TASK, **IMAGES)
    counts = set()
    for seed in (*SEEDS, *SEEDS):
        image, _ = env.reset(seed=seed)
        np.testing.assert_array_equal(image, seen[seed])
        count = len(np.unique(image)) - 1
        counts.add(count)
        assert names_in(image, env.objects) == ["Field/Stone", *(f"Field/Stone.{k:03}" for k in range(1, count))]
    assert len(counts) > 2


def test_every_slot_names_what_it_shows(seen):
    envs = BlendVectorEnv(TASK, 4, num_servers=2, **IMAGES)
    images = envs.reset(seed=list(SEEDS)[:4])[0]
    for slot, image, expected in zip(envs.slots, images, seen, strict=False):
        np.testing.assert_array_equal(image, expected)
        assert len(names_in(image, slot.objects)) == len(np.unique(image)) - 1
    envs.close()
