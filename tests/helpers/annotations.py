"""The passes that do not depend on light."""

from __future__ import annotations

from blendgym.images.passes import PASSES

ANNOTATIONS = tuple(name for name, each in PASSES.items() if not each.is_colour)
