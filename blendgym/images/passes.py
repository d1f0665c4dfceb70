"""The passes: what the pixels of an image can hold. A pass is one record of the table here, and a way to paint it.

Engines render some passes. The others are computed from those, pixel by pixel, in the same way for all engines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.images.projections import Projection

INT32_MAX = 2**31 - 1

Images = Mapping[str, NDArray[Any]]


class Facts(NamedTuple):
    """What is known of an image besides its pixels.

    Args:
        projection: Of the camera.
        ray_lengths: Gives (height, width) distance along the ray for each metre of depth.
        world_to_camera: 4×4 matrix into the camera's frame, in m.
        far: Depth at which the camera ceases to see, in m.
        categories: Gives (ids,) int32, the number of the category of each id, from id 0 on.
    """

    projection: Projection
    ray_lengths: Callable[[], NDArray[np.float32]]
    world_to_camera: NDArray[np.float64]
    far: float
    categories: Callable[[], NDArray[np.int32]]


class Pass(NamedTuple):
    """One pass.

    Args:
        title: Its name for people.
        meaning: Unit, frame of reference, and what the background holds.
        dtype: Name of the NumPy dtype.
        channels: 0 for arrays of shape (height, width), otherwise (height, width, channels).
        low: The lowest value that occurs.
        high: The highest value that occurs.
        painter: How people are shown it: a name of ``blendgym.images.pictures.passes.PAINTERS``.
        is_colour: Whether it depends on light and has samples. Otherwise it is an annotation, which is exact for the
            ray through the centre of each pixel.
        sources: The rendered passes that it is computed from; empty if engines render it.
        compute: Computes it from those; it must not write to them.
    """

    title: str
    meaning: str
    dtype: str
    channels: int
    low: float
    high: float
    painter: str
    is_colour: bool = False
    sources: tuple[str, ...] = ()
    compute: Callable[[Images, Facts], NDArray[Any]] | None = None

    def shape(self, width: int, height: int) -> tuple[int, ...]:
        """Shape of the array for an image of some pixels; row 0 is the top."""
        return (height, width, self.channels) if self.channels else (height, width)

    @property
    def bytes_per_pixel(self) -> int:
        """The memory that each pixel takes."""
        return max(1, self.channels) * np.dtype(self.dtype).itemsize


def _distance(images: Images, facts: Facts) -> NDArray[Any]:
    depth, far = images["depth"], np.float32(facts.far)
    nothing = depth >= far
    return np.where(nothing, far, np.where(nothing, 0, depth) * facts.ray_lengths())


def _category(images: Images, facts: Facts) -> NDArray[Any]:
    return facts.categories()[images["segmentation"]]


PASSES = {
    "rgb": Pass(
        title="Colour",
        meaning="colour as a screen shows it: sRGB, every sample clipped to white",
        dtype="uint8",
        channels=3,
        low=0,
        high=255,
        painter="colours",
        is_colour=True,
    ),
    "rgb_linear": Pass(
        title="Linear radiance",
        meaning="radiance, linear with the primaries of sRGB; not clipped",
        dtype="float32",
        channels=3,
        low=0,
        high=np.inf,
        painter="radiance",
        is_colour=True,
    ),
    "depth": Pass(
        title="Depth along the optical axis",
        meaning="metres along the optical axis; where nothing is seen, the camera's far end",
        dtype="float32",
        channels=0,
        low=0,
        high=np.inf,
        painter="lengths",
    ),
    "distance": Pass(
        title="Distance along the ray",
        meaning="metres along the ray; where nothing is seen, the camera's far end",
        dtype="float32",
        channels=0,
        low=0,
        high=np.inf,
        painter="lengths",
        sources=("depth",),
        compute=_distance,
    ),
    "normals": Pass(
        title="Normals",
        meaning="unit vectors in the camera's frame (x right, y down, z forward); background 0",
        dtype="float32",
        channels=3,
        low=-1,
        high=1,
        painter="directions",
    ),
    "segmentation": Pass(
        title="Segmentation by instance",
        meaning="ids of objects; background 0",
        dtype="int32",
        channels=0,
        low=0,
        high=INT32_MAX,
        painter="instances",
    ),
    "category": Pass(
        title="Segmentation by category",
        meaning="numbers of the categories of objects; background 0",
        dtype="int32",
        channels=0,
        low=0,
        high=INT32_MAX,
        painter="categories",
        sources=("segmentation",),
        compute=_category,
    ),
}
"""Every pass, by name."""


def rendered_for(names: Iterable[str]) -> tuple[str, ...]:
    """The passes that an engine has to render so that some others can be had."""
    return tuple(dict.fromkeys(source for name in names for source in PASSES[name].sources or (name,)))


def completed(rendered: Images, names: Iterable[str], facts: Facts) -> dict[str, NDArray[Any]]:
    """Some passes: those that were rendered, and those that are computed from them."""
    images = {}
    for name in names:
        compute = PASSES[name].compute
        images[name] = compute(rendered, facts) if compute else rendered[name]
    return images
