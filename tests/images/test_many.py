"""Ten thousand instances and a thousand objects: each with an id of its own, boxes and pose, in seconds."""

from __future__ import annotations

import time

import numpy as np
import pytest
from sights.grid import HEIGHT, INSTANCES, OBJECTS, WIDTH

COUNT = INSTANCES[0] * INSTANCES[1] + OBJECTS[0] * OBJECTS[1]
SCALE = 10
SECONDS = 60  # On a busy machine.


@pytest.mark.parametrize("engine", ["raster", "cycles"])
def test_ten_thousand_instances_have_ids_boxes_and_poses_of_their_own(make_env, engine):
    env = make_env("sights.tasks:Many")
    env.reset(seed=0)
    begun = time.monotonic()
    seen = env.capture("Camera", ("segmentation",), WIDTH * SCALE, HEIGHT * SCALE, engine, visibility=True)
    assert time.monotonic() - begun < SECONDS
    assert len({each.name for each in seen.objects}) == len(seen.objects) == COUNT
    centres = np.rint(seen.project([each.pose[:3, 3] for each in seen.objects])).astype(int)
    ids = seen.images["segmentation"][centres[:, 1], centres[:, 0]]
    np.testing.assert_array_equal(ids, [each.id for each in seen.objects])
    for each in seen.objects:
        assert each.visibility == 1.0
        assert each.box == pytest.approx(each.amodal_box, abs=1.0)
