"""How many threads Mesa's software rasterizer has, which asks for it when Blender draws for the first time."""

from __future__ import annotations

import os

from blendgym.images.views import View
from blendgym.processes import usable_processors

SETTING = "LP_NUM_THREADS"
MOST = 4
DRAWN_ALONE = 40_000
"""Samples of a picture that one thread draws faster than two, which have to wake each other."""


def choose_drawing_threads(first: View) -> None:
    """Gives the rasterizer a thread for each processor that the process may use, if its first picture is large.

    What the user's environment says of it is left alone.
    """
    processors = usable_processors()
    is_large = first.width * first.height * first.samples_per_pixel > DRAWN_ALONE
    os.environ.setdefault(SETTING, str(min(processors, MOST)) if is_large and processors > 1 else "0")
