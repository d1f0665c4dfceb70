"""Samples of real scenes, made once for all tests of exporters."""

from __future__ import annotations

import numpy as np
import pytest

from blendgym.client.env import BlendEnv
from blendgym.data.sample import Sample

VIEW = {"passes": ("rgb", "segmentation", "depth"), "visibility": True, "keypoints": True}
SKY = [[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, -9], [0, 0, 0, 1]]
"""Above everything, and turned up: nothing is in sight."""

STACK = "blendgym.envs.stack.task:Stack"
HEAP = "blendgym.envs.next_view.task:NextView"
MARKED = "analytic.tasks:Marked"


def samples_of(task, count, views, params=None):
    env = BlendEnv(task)
    try:
        made = []
        for index in range(count):
            env.reset(seed=index, options={"params": params or {}})
            captures = env.capture_views(views) if "" not in views else {"": env.capture(**views[""])}
            made.append(Sample(index=index, seed=index, unit=np.zeros(0), parameters={"p": 0.5}, views=captures))
        return made
    finally:
        env.close()


@pytest.fixture(scope="session")
def heaps():
    """Three samples with many objects, one view each."""
    return samples_of(HEAP, 3, {"": {**VIEW, "width": 160, "height": 120}})


@pytest.fixture(scope="session")
def stacks():
    """Two samples with two views each: of boxes, and of the sky, where nothing is."""
    size = {"width": 192, "height": 108}
    return samples_of(STACK, 2, {"front": {**VIEW, **size}, "sky": {**VIEW, **size, "world_to_camera": SKY}})


@pytest.fixture(scope="session")
def marked():
    """A sample with keypoints."""
    view = {**VIEW, "camera": "Eye", "width": 160, "height": 120}
    return samples_of(MARKED, 1, {"": view})


@pytest.fixture(scope="session")
def bent():
    """A sample that was seen through a lens that distorts."""
    view = {**VIEW, "width": 160, "height": 120}
    return samples_of("photographed:StillLife", 1, {"": view}, {"k1": -0.25, "k2": 0.05})
