"""What visual parameters change: lights, sky, materials and cameras, by the names that the scene was built with.

What lens and sensor of a camera do is in ``imaging_bindings.py``.

They are declared like any other parameter, in the group ``"visual"``::

    Parameter(
        name="sun.strength", unit="W/m²", nominal=2.6, low=0.8, high=6.0, prior=LogUniform(), group="visual",
        binding=Light("Sun", "strength"), description="Irradiance of the sun",
    )
    Parameter(
        name="ground.texture", unit="1", nominal=0, low=0, high=len(TEXTURES) - 1, kind="categorical",
        choices=TEXTURES, group="visual", binding=Material("Ground", "texture", size=4.0), description="…",
    )

The nominal value is that of the scene as built, with four digits or more: what comes as near to the built value is the
built value, bit for bit.

Where an ``Appearance`` is given, it wins over the parameters of what it replaces: a surface shows the material as it
was built but for what the surface says, other surroundings hide the scene's own sky, and ``lights`` multiplies whatever
strength a light has. What is read back is then in effect in the scene, though not seen.

Angles are in rad, and are read back in the turn in which they were asked for. Physics is not touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, get_args

from blendgym.errors import InvalidParameter
from blendgym.names import did_you_mean
from blendgym.parameters.bindings import Target

if TYPE_CHECKING:
    from blendgym.blender.looks.aspect import Aspect
    from blendgym.blender.looks.scenery import Scenery

LightNumber = Literal["strength", "temperature", "elevation", "azimuth"]
SkyNumber = Literal["strength", "hue", "saturation"]
MaterialNumber = Literal["hue", "saturation", "brightness", "roughness", "texture"]
CameraNumber = Literal["distance", "azimuth", "height", "pan", "tilt", "roll", "field_of_view"]


class Numbered(Protocol):
    """What has numbers by name: an ``Aspect`` of how a thing looks, or the ``Imaging`` of a camera."""

    def set(self, name: str, value: float) -> None:
        """Sets one of them."""

    def read(self, name: str) -> float:
        """One of them, as it is in effect."""


class VisualBinding:
    """Ties a parameter to one number of one aspect of the scenery.

    Attributes:
        number: The name of the number there.
    """

    live: ClassVar[bool] = True
    numbers: ClassVar[tuple[str, ...]]
    """The names that there are."""

    number: str

    def __post_init__(self) -> None:
        if self.number not in self.numbers:
            raise InvalidParameter(
                f"A {type(self).__name__} has no {self.number!r}, but {', '.join(self.numbers)}."
                f"{did_you_mean(self.number, self.numbers)}"
            )

    def aspect(self, scenery: Scenery) -> Numbered:
        """The aspect that the number belongs to."""
        raise NotImplementedError

    def apply(self, target: Target, value: float) -> None:
        self.aspect(target.scenery).set(self.number, value)

    def read(self, target: Target) -> float:
        return self.aspect(target.scenery).read(self.number)


@dataclass(frozen=True)
class Light(VisualBinding):
    """A number of a light.

    * ``"strength"``: in W/m² for a sun, in W for any other.
    * ``"temperature"``: its colour as that of a black body, in K, from 2,000 to 25,000; its luminance stays. Workbench
      has a light of its own and shows nothing of it.
    * ``"elevation"``: how high above the horizon it shines from, in rad. It is turned in its place, which suits suns
      and spots.
    * ``"azimuth"``: from which side it shines, in rad from +x towards +y.

    Args:
        light: The name of the light.
        number: Which of its numbers.
    """

    light: str
    number: LightNumber
    numbers: ClassVar[tuple[str, ...]] = get_args(LightNumber)

    def aspect(self, scenery: Scenery) -> Aspect:
        if self.number == "strength":
            return scenery.light_strength(self.light)
        return scenery.light_colour(self.light) if self.number == "temperature" else scenery.light_direction(self.light)


@dataclass(frozen=True)
class Sky(VisualBinding):
    """A number of a background of one colour, which also lights the scene.

    * ``"strength"``: a factor of its radiance.
    * ``"hue"``: in rad: 0 is red, 2π/3 green, 4π/3 blue.
    * ``"saturation"``: from 0 (grey) to 1.

    Args:
        number: Which of its numbers.
    """

    number: SkyNumber
    numbers: ClassVar[tuple[str, ...]] = get_args(SkyNumber)

    def aspect(self, scenery: Scenery) -> Aspect:
        return scenery.sky()


@dataclass(frozen=True)
class Material(VisualBinding):
    """A number of a material with a plain *Principled BSDF*.

    * ``"hue"``: of its linear colour, in rad: 0 is red, 2π/3 green, 4π/3 blue. Grey has none to change.
    * ``"saturation"``: of its linear colour, from 0 (grey) to 1.
    * ``"brightness"``: the largest of red, green and blue of its linear colour, from 0 to 1.
    * ``"roughness"``: from 0 (mirror) to 1 (matt). To the raster engine all materials are matt.
    * ``"texture"``: which of ``TEXTURES`` shades its colour. Workbench shows the colour alone.

    Args:
        material: The name of the material; for a texture, it has a UV map on its meshes.
        number: Which of its numbers.
        size: The size of a texture, in units of the UV map; the scenes of blendgym have UV maps in metres.
    """

    material: str
    number: MaterialNumber
    size: float = 1.0
    numbers: ClassVar[tuple[str, ...]] = get_args(MaterialNumber)

    def aspect(self, scenery: Scenery) -> Aspect:
        if self.number == "texture":
            return scenery.material_texture(self.material, self.size)
        if self.number == "roughness":
            return scenery.material_roughness(self.material)
        return scenery.material_colour(self.material)


@dataclass(frozen=True)
class Camera(VisualBinding):
    """A number of a camera.

    * ``"distance"``: horizontally, from the target that it looks at, in m.
    * ``"azimuth"``: the side from which it looks at its target, in rad from +x towards +y.
    * ``"height"``: its z, in m; it goes on looking at its target.
    * ``"pan"``: how far to the left of its target it looks, in rad.
    * ``"tilt"``: how far above its target it looks, in rad.
    * ``"roll"``: how far it is turned counterclockwise about its line of sight, in rad; the image turns clockwise.
    * ``"field_of_view"``: the angle that it sees, in rad, along the side of the image that its sensor is fitted to.

    Args:
        camera: The name of the camera.
        number: Which of its numbers.
        target: The point that it looks at, in m; the same for all parameters of a camera. A camera that was built to
            look elsewhere is turned by pan and tilt.
    """

    camera: str
    number: CameraNumber
    target: tuple[float, float, float] = (0.0, 0.0, 0.0)
    numbers: ClassVar[tuple[str, ...]] = get_args(CameraNumber)

    def aspect(self, scenery: Scenery) -> Aspect:
        if self.number == "field_of_view":
            return scenery.camera_lens(self.camera)
        return scenery.camera_pose(self.camera, self.target)
