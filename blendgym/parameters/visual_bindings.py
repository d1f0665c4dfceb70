"""What visual parameters change: lights, sky, materials and cameras, by the names that the scene was built with.

They are declared like any other parameter, in the group ``"visual"``::

    Parameter(
        name="sun.strength", unit="W/m²", nominal=2.6, low=0.8, high=6.0, prior=LogUniform(), group="visual",
        binding=LightStrength("Sun"), description="Irradiance of the sun",
    )
    Parameter(
        name="ground.texture", unit="1", nominal=0, low=0, high=len(TEXTURES) - 1, kind="categorical",
        choices=TEXTURES, group="visual", binding=MaterialTexture("Ground", size=4.0), description="…",
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
from typing import TYPE_CHECKING, ClassVar

from blendgym.parameters.bindings import Target

if TYPE_CHECKING:
    from blendgym.blender.looks.aspect import Aspect
    from blendgym.blender.looks.scenery import Scenery


class VisualBinding:
    """Ties a parameter to one number of one aspect of the scenery.

    Attributes:
        number: Its name there.
    """

    live: ClassVar[bool] = True
    number: ClassVar[str]

    def aspect(self, scenery: Scenery) -> Aspect:
        """The aspect."""
        raise NotImplementedError

    def apply(self, target: Target, value: float) -> None:
        self.aspect(target.scenery).set(self.number, value)

    def read(self, target: Target) -> float:
        return self.aspect(target.scenery).read(self.number)


@dataclass(frozen=True)
class LightStrength(VisualBinding):
    """The strength of a light: W/m² for a sun, W for any other."""

    light: str
    number: ClassVar[str] = "strength"

    def aspect(self, scenery: Scenery) -> Aspect:
        return scenery.light_strength(self.light)


@dataclass(frozen=True)
class LightTemperature(VisualBinding):
    """The colour of a light as the temperature of a black body, in K, from 2,000 to 25,000; its luminance stays.

    Workbench has a light of its own and shows nothing of it.
    """

    light: str
    number: ClassVar[str] = "temperature"

    def aspect(self, scenery: Scenery) -> Aspect:
        return scenery.light_colour(self.light)


@dataclass(frozen=True)
class LightElevation(VisualBinding):
    """How high above the horizon a light shines from, in rad. It is turned in its place, which suits suns and spots."""

    light: str
    number: ClassVar[str] = "elevation"

    def aspect(self, scenery: Scenery) -> Aspect:
        return scenery.light_direction(self.light)


@dataclass(frozen=True)
class LightAzimuth(LightElevation):
    """From which side a light shines, in rad from +x towards +y."""

    number: ClassVar[str] = "azimuth"


@dataclass(frozen=True)
class SkyStrength(VisualBinding):
    """Factor of the radiance of the background, which also lights the scene."""

    number: ClassVar[str] = "strength"

    def aspect(self, scenery: Scenery) -> Aspect:
        return scenery.sky()


@dataclass(frozen=True)
class SkyHue(SkyStrength):
    """Hue of the background, in rad: 0 is red, 2π/3 green, 4π/3 blue."""

    number: ClassVar[str] = "hue"


@dataclass(frozen=True)
class SkySaturation(SkyStrength):
    """Saturation of the background, from 0 (grey) to 1."""

    number: ClassVar[str] = "saturation"


@dataclass(frozen=True)
class MaterialHue(VisualBinding):
    """Hue of a material's linear colour, in rad: 0 is red, 2π/3 green, 4π/3 blue. Grey has none to change."""

    material: str
    number: ClassVar[str] = "hue"

    def aspect(self, scenery: Scenery) -> Aspect:
        return scenery.material_colour(self.material)


@dataclass(frozen=True)
class MaterialSaturation(MaterialHue):
    """Saturation of a material's linear colour, from 0 (grey) to 1."""

    number: ClassVar[str] = "saturation"


@dataclass(frozen=True)
class MaterialBrightness(MaterialHue):
    """Brightness of a material: the largest of red, green and blue of its linear colour, from 0 to 1."""

    number: ClassVar[str] = "brightness"


@dataclass(frozen=True)
class MaterialRoughness(VisualBinding):
    """Roughness of a material, from 0 (mirror) to 1 (matt). To the raster engine all materials are matt."""

    material: str
    number: ClassVar[str] = "roughness"

    def aspect(self, scenery: Scenery) -> Aspect:
        return scenery.material_roughness(self.material)


@dataclass(frozen=True)
class MaterialTexture(VisualBinding):
    """Which of ``TEXTURES`` shades the colour of a material. Workbench shows the colour alone.

    Args:
        material: With a UV map on its meshes.
        size: Of the texture, in units of the UV map; the scenes of blendgym have UV maps in metres.
    """

    material: str
    size: float = 1.0
    number: ClassVar[str] = "texture"

    def aspect(self, scenery: Scenery) -> Aspect:
        return scenery.material_texture(self.material, self.size)


@dataclass(frozen=True)
class CameraDistance(VisualBinding):
    """The horizontal distance of a camera from the target that it looks at, in m.

    Args:
        camera: Its name.
        target: In m; the same for all parameters of a camera. A camera that was built to look elsewhere is turned by
            ``CameraPan`` and ``CameraTilt``.
    """

    camera: str
    target: tuple[float, float, float] = (0.0, 0.0, 0.0)
    number: ClassVar[str] = "distance"

    def aspect(self, scenery: Scenery) -> Aspect:
        return scenery.camera_pose(self.camera, self.target)


@dataclass(frozen=True)
class CameraAzimuth(CameraDistance):
    """The side from which a camera looks at its target, in rad from +x towards +y."""

    number: ClassVar[str] = "azimuth"


@dataclass(frozen=True)
class CameraHeight(CameraDistance):
    """The z of a camera, in m; it goes on looking at its target."""

    number: ClassVar[str] = "height"


@dataclass(frozen=True)
class CameraPan(CameraDistance):
    """How far to the left of its target a camera looks, in rad."""

    number: ClassVar[str] = "pan"


@dataclass(frozen=True)
class CameraTilt(CameraDistance):
    """How far above its target a camera looks, in rad."""

    number: ClassVar[str] = "tilt"


@dataclass(frozen=True)
class CameraRoll(CameraDistance):
    """How far a camera is turned counterclockwise about its line of sight, in rad; the image turns clockwise."""

    number: ClassVar[str] = "roll"


@dataclass(frozen=True)
class FieldOfView(VisualBinding):
    """The angle that a camera sees, in rad, along the side of the image that its sensor is fitted to."""

    camera: str
    number: ClassVar[str] = "field_of_view"

    def aspect(self, scenery: Scenery) -> Aspect:
        return scenery.camera_lens(self.camera)
