"""The scenes of blendtorch run untouched, and move as plain Blender plays them.

They are not ours to ship: name a checkout of cheind/pytorch-blender as ``BLENDGYM_BLENDTORCH``.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from playback import played

CHECKOUT = Path(os.environ.get("BLENDGYM_BLENDTORCH", "/nonexistent"))
STEPS = 60

pytestmark = pytest.mark.skipif(
    not CHECKOUT.is_dir(), reason="NOT TESTED: $BLENDGYM_BLENDTORCH names no checkout of blendtorch"
)


def scene(name):
    return next(CHECKOUT.rglob(f"{name}.blend"))


def moved(make_env, file, bodies):
    env = make_env("onlookers:Watch", scene=str(file), bodies=list(bodies))
    env.reset(seed=0)
    still = np.zeros(1, np.float32)
    steps = [env.step(still)[0] for _ in range(STEPS)]
    return dict(zip(bodies, np.swapaxes(steps, 0, 1), strict=True))


@pytest.mark.parametrize("name", ["cartpole", "falling_cubes"])
def test_its_bodies_move_as_plain_blender_plays_them(make_env, tmp_path, name):
    expected = played(scene(name), STEPS, tmp_path)
    found = moved(make_env, scene(name), expected)
    for body, poses in expected.items():
        assert found[body] == pytest.approx(poses, abs=2e-3), body


def test_its_cube_without_physics_can_be_looked_at(make_env):
    env = make_env("onlookers:Watch", scene=str(scene("cube")), bodies=[])
    env.reset(seed=0)
    seen = env.capture(passes=("segmentation",), engine="raster")
    assert {each.name for each in seen.objects} == {"Cube", "Plane"}
