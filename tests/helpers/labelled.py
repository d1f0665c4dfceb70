"""Samples without a Blender whose annotations agree with their segmentation."""

from __future__ import annotations

import msgspec
import numpy as np
from recorded import simple_sample


def labelled(index):
    """A sample with one object, a function of its index."""
    sample = simple_sample(index)
    width = 2 + index % 5
    ids = np.zeros((24, 32), np.int32)
    ids[2:4, 1 : 1 + width] = 1
    box = (1.0, 2.0, 1.0 + width, 4.0)
    (seen,) = sample.view.objects
    seen = msgspec.structs.replace(seen, box=box, amodal_box=box, pixels=2 * width, visibility=1.0)
    view = msgspec.structs.replace(sample.view, images={**sample.images, "segmentation": ids}, objects=(seen,))
    return msgspec.structs.replace(sample, views={"": view})
