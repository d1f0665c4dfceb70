"""The look of a light: its strength, its colour, and where it shines from."""

from __future__ import annotations

import math

import bpy
from mathutils import Matrix, Vector

from blendgym.blender.looks.aspect import Aspect, Numbers
from blendgym.blender.looks.colours import Colour, black_body, temperature_of
from blendgym.blender.looks.poses import Pose, azimuth_of, looking, rotation_of
from blendgym.errors import SceneError
from blendgym.images.colours import LUMINANCE


class LightStrength(Aspect):
    """``strength``: W/m² of a sun, W of any other light.

    Args:
        light: As it was built.
    """

    def __init__(self, light: bpy.types.Light) -> None:
        self._light, self._own, self._share = light, light.energy, 1.0
        super().__init__()

    def dim(self, share: float) -> None:
        """Multiplies the strength by a share, which is no part of it."""
        self._share = share
        self.renew()

    def state(self) -> tuple[float, float]:
        return self._light.energy, self._share

    def measure(self, state: tuple[float, float]) -> Numbers:
        energy, share = state
        # What is dimmed to nothing shows no strength.
        return {"strength": energy / share if share else math.nan}

    def show(self, numbers: Numbers) -> None:
        self._light.energy = numbers["strength"] * self._share

    def restore(self) -> None:
        self._light.energy = self._own * self._share


class LightColour(Aspect):
    """``temperature``, in K: of the black body that shines alike. The luminance stays that of the build.

    A light that was built a little greener or redder than any black body stays so, as with the tint of a photograph.

    Args:
        light: As it was built.
        name: Of the light, for messages.

    Raises:
        SceneError: If it has no red or no blue, like no black body.
    """

    def __init__(self, light: bpy.types.Light, name: str) -> None:
        self._light, self._own = light, tuple(light.color)
        kelvin = temperature_of(self._own)
        if math.isnan(kelvin):
            raise SceneError(
                f"Light {name!r} has the colour {self._own}, which no temperature gives; a light whose temperature is "
                "a parameter needs some red and some blue."
            )
        self._tint = self._own / black_body(kelvin)
        super().__init__()

    def state(self) -> Colour:
        return tuple(self._light.color)

    def measure(self, state: Colour) -> Numbers:
        return {"temperature": temperature_of(state)}

    def show(self, numbers: Numbers) -> None:
        colour = self._tint * black_body(numbers["temperature"])
        self._light.color = colour * ((LUMINANCE @ self._own) / (LUMINANCE @ colour))

    def restore(self) -> None:
        self._light.color = self._own


class LightDirection(Aspect):
    """``elevation`` above the horizon and ``azimuth`` (from +x towards +y) of where it shines from, in rad.

    The light is turned in its place; all that matters of a sun.

    Args:
        obj: The light's object, as it was built.
    """

    angles = frozenset({"azimuth"})

    def __init__(self, obj: bpy.types.Object) -> None:
        self._pose = Pose(obj)
        rotation = rotation_of(self._pose.matrix)
        # Turned about its own axis as it was built, which matters for an area.
        self._roll = looking(-rotation.col[2]).transposed() @ rotation
        super().__init__()

    def state(self) -> Matrix:
        return self._pose.matrix

    def measure(self, state: Matrix) -> Numbers:
        source = rotation_of(state).col[2]
        elevation = math.atan2(source.z, math.hypot(source.x, source.y))
        return {"elevation": elevation, "azimuth": azimuth_of(source)}

    def show(self, numbers: Numbers) -> None:
        elevation, azimuth = numbers["elevation"], numbers["azimuth"]
        across = math.cos(elevation)
        source = Vector((across * math.cos(azimuth), across * math.sin(azimuth), math.sin(elevation)))
        self._pose.move(self._pose.matrix.to_translation(), looking(-source) @ self._roll)

    def restore(self) -> None:
        self._pose.restore()
