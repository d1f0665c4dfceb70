"""Known points and where an image shows them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytic.known import MARKER_RADIUS, MARKER_SPACING, markers
from analytic.rays import pixels_of
from blendgym.client.env import BlendEnv
from blendgym.images.captures import Capture


class Format(NamedTuple):
    """The pixels of an image: how many, and in which proportion."""

    width: int
    height: int
    pixel_width: float = 1.0
    pixel_height: float = 1.0

    @property
    def size(self) -> dict[str, int]:
        """Arguments of ``capture()``."""
        return {"width": self.width, "height": self.height}


FORMATS = (
    Format(320, 180),
    Format(97, 211),
    Format(320, 180, pixel_width=1.6),
    Format(97, 211, pixel_height=1.3),
    # Wider than high in pixels, higher than wide in metres.
    Format(120, 100, pixel_height=1.3),
)


def begin(env: BlendEnv, pixels: Format) -> None:
    """Begins an episode with pixels of some proportion."""
    env.reset(options={"params": {"pixel_width": pixels.pixel_width, "pixel_height": pixels.pixel_height}})


def markers_in(capture: Capture) -> NDArray[np.float64]:
    """(markers, 2) pixels, by the closed form, of the markers that are wholly in the image."""
    height, width = next(iter(capture.images.values())).shape[:2]
    pixels = pixels_of(markers(), capture.intrinsics, capture.world_to_camera)
    margin = 1.2 * MARKER_RADIUS * _focal_lengths(capture) + 2
    return pixels[((pixels > margin) & (pixels < np.array((width, height)) - 1 - margin)).all(axis=1)]


def misses(shown: NDArray[np.bool_], capture: Capture) -> NDArray[np.float64]:
    """How far each marker is from the middle of the pixels that show it, in pixels; NaN if none does."""
    reach = 0.45 * MARKER_SPACING * _focal_lengths(capture)
    rows, columns = np.nonzero(shown)
    pixels = np.stack([columns, rows], axis=1)
    expected = markers_in(capture)
    near = [pixels[(abs(pixels - marker) < reach).all(axis=1)] for marker in expected]
    means = [found.mean(axis=0) if len(found) else np.full(2, np.nan) for found in near]
    return np.linalg.norm(np.array(means) - expected, axis=1)


def _focal_lengths(capture: Capture) -> NDArray[np.float64]:
    return np.diag(capture.intrinsics)[:2]
