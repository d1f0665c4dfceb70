"""What imaging parameters change: what lens and sensor of a camera do to its pictures.

They are declared like any other parameter, by convention in the group ``"imaging"``::

    Parameter(
        name="lens.k1", unit="1", nominal=0.0, low=-0.2, high=0.2, group="imaging", binding=Lens("Camera", "k1"),
        description="Radial distortion; negative is a barrel",
    )
    Parameter(
        name="sensor.jpeg_quality", unit="1", nominal=100, low=30, high=100, kind="integer", group="imaging",
        binding=Sensor("Camera", "jpeg_quality"), description="Quality of JPEG; 100 compresses nothing",
    )

Each number of an ideal camera changes nothing, bit for bit. Observations, captures and streams show what lens and
sensor give; ``render()``, and views with ``ideal=True``, show the scene through an ideal camera. Physics is not
touched.

A picture comes about in this order: the lens distorts, blurs and darkens the light of the scene, which is what the pass
``rgb_linear`` has; the sensor exposes it, adds noise, balances white, bends it by gamma, and compresses the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from blendgym.parameters.visual_bindings import VisualBinding

if TYPE_CHECKING:
    from blendgym.blender.imaging.imaging import Imaging
    from blendgym.blender.looks.scenery import Scenery

LensNumber = Literal["k1", "k2", "p1", "p2", "k3", "vignetting", "blur"]
SensorNumber = Literal["exposure", "shot_noise", "read_noise", "red_gain", "blue_gain", "gamma", "jpeg_quality"]


@dataclass(frozen=True)
class Lens(VisualBinding):
    """What the lens of a camera does to the light of the scene.

    * ``"k1"``, ``"k2"``, ``"p1"``, ``"p2"``, ``"k3"``: OpenCV's coefficients of the distortion of a perspective camera,
      0 for none. Annotations, boxes, keypoints and ``Capture.projection`` follow it. A picture in which it cannot be
      inverted is a ``RenderError``.
    * ``"vignetting"``: how much the picture darkens off its axis: by the fourth power of the cosine of the angle to it,
      to the power of this number. 1 is the natural vignetting of a simple lens, 0 is none.
    * ``"blur"``: of a lens that is out of focus: the standard deviation of its Gaussian point spread function, as a
      share of the width of the picture, from 0 to 0.1.

    Args:
        camera: The name of the camera.
        number: Which of its numbers.
    """

    camera: str
    number: LensNumber
    numbers: ClassVar[tuple[str, ...]] = get_args(LensNumber)

    def aspect(self, scenery: Scenery) -> Imaging:
        return scenery.imaging(self.camera)


@dataclass(frozen=True)
class Sensor(VisualBinding):
    """What the sensor of a camera makes of the light that arrives.

    * ``"exposure"``: in stops; 1 is twice the light, 0 leaves it.
    * ``"shot_noise"``: standard deviation of the noise of light itself in white, as a share of white. It grows with the
      square root of the light: a pixel that holds n electrons has 1 / √n.
    * ``"read_noise"``: standard deviation of the noise that is there in the dark, too, as a share of white.
    * ``"red_gain"``, ``"blue_gain"``: what white balance multiplies red and blue by, after the noise; 1 leaves them.
    * ``"gamma"``: the exponent of the finished colours, as shares of white; below 1 it brightens, 1 leaves them.
    * ``"jpeg_quality"``: of the compression as Pillow does it, a whole number from 1. 100 compresses nothing.

    The noise is white and Gaussian, and a function of the episode's seed, the moment and the camera. The variance of
    linear light y is ``shot_noise``² y + ``read_noise``². Source: Foi et al., "Practical Poissonian-Gaussian noise
    modeling and fitting for single-image raw-data", IEEE Transactions on Image Processing 17(10), 2008.

    Args:
        camera: The name of the camera.
        number: Which of its numbers.
    """

    camera: str
    number: SensorNumber
    numbers: ClassVar[tuple[str, ...]] = get_args(SensorNumber)

    def aspect(self, scenery: Scenery) -> Imaging:
        return scenery.imaging(self.camera)
