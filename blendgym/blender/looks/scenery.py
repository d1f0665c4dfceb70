"""What a scene looks like, as far as parameters change it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

import bpy

from blendgym.blender.imaging.imaging import Imaging
from blendgym.blender.looks.aspect import Aspect
from blendgym.blender.looks.cameras import CameraLens, CameraPose, Point
from blendgym.blender.looks.lights import LightColour, LightDirection, LightStrength
from blendgym.blender.looks.materials import (
    MaterialAspect,
    MaterialColour,
    MaterialRoughness,
    MaterialTexture,
    require_plain,
)
from blendgym.blender.looks.sky import Sky
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError
from blendgym.names import missing

Kind = TypeVar("Kind", bound=Aspect)
Thing = TypeVar("Thing")


class Scenery:
    """The lights, materials, cameras and background of a scene, by the names that it was built with.

    An aspect is looked up when it is first asked for, and raises ``SceneError`` if the scene has no such thing, or has
    it in a form that parameters cannot change.

    Args:
        loaded: The scene, as it was built.
        imagings: What lens and sensor of its cameras do, by name.
    """

    def __init__(self, loaded: LoadedScene, imagings: Mapping[str, Imaging]) -> None:
        self._imagings = imagings
        self._materials, self._world = loaded.materials, loaded.scene.world
        self._lamps = loaded.of_type("LIGHT")
        self._cameras = loaded.of_type("CAMERA")
        self._strengths = {obj.data: LightStrength(obj.data) for obj in self._lamps.values()}
        self._plain: dict[str, bpy.types.Material] = {}
        self._known: dict[tuple[Any, ...], Any] = {}

    def light_strength(self, name: str) -> LightStrength:
        """How strong a light is."""
        return self._strengths[_find(self._lamps, name, "light").data]

    def light_colour(self, name: str) -> LightColour:
        """The colour of a light."""
        return self._once(LightColour, name, lambda: LightColour(_find(self._lamps, name, "light").data, name))

    def light_direction(self, name: str) -> LightDirection:
        """Where a light shines from."""
        return self._once(LightDirection, name, lambda: LightDirection(_find(self._lamps, name, "light")))

    def sky(self) -> Sky:
        """The background."""
        return self._once(Sky, "", lambda: Sky(self._world))

    def material_colour(self, name: str) -> MaterialColour:
        """The colour of a material."""
        return self._once(MaterialColour, name, lambda: MaterialColour(self._material(name)))

    def material_roughness(self, name: str) -> MaterialRoughness:
        """The roughness of a material."""
        return self._once(MaterialRoughness, name, lambda: MaterialRoughness(self._material(name)))

    def material_texture(self, name: str, size: float) -> MaterialTexture:
        """The texture of a material; its size is in units of the UV map."""
        return self._once(MaterialTexture, name, lambda: MaterialTexture(self._material(name), size))

    def camera_pose(self, name: str, target: Point) -> CameraPose:
        """Where a camera stands, and how it looks at a target, in m."""
        return self._once(
            CameraPose, name, lambda: CameraPose(_find(self._cameras, name, "camera"), target, name), target
        )

    def camera_lens(self, name: str) -> CameraLens:
        """The lens of a camera."""
        return self._once(CameraLens, name, lambda: CameraLens(_find(self._cameras, name, "camera").data))

    def imaging(self, name: str) -> Imaging:
        """What lens and sensor of a camera do."""
        return _find(self._imagings, name, "camera")

    def dim(self, share: float) -> None:
        """Multiplies the strengths of all lights by a share; what parameters set and read is without it."""
        for strength in self._strengths.values():
            strength.dim(share)

    def restore_on(self, material: bpy.types.Material, name: str) -> None:
        """Makes a copy of one of the materials look as that was built."""
        for (_, own, *_), aspect in self._known.items():
            if isinstance(aspect, MaterialAspect) and own == name:
                aspect.restore_on(material)

    def _once(self, kind: type[Kind], name: str, make: Callable[[], Kind], *key: Hashable) -> Kind:
        place: tuple[Any, ...] = (kind, name, *key)
        known: Kind | None = self._known.get(place)
        if known is None:
            known = self._known[place] = make()
        return known

    def _material(self, name: str) -> bpy.types.Material:
        # As it was built: later it may have a texture.
        if name not in self._plain:
            self._plain[name] = require_plain(_find(self._materials, name, "material"), name)
        return self._plain[name]


def _find(things: Mapping[str, Thing], name: str, kind: str) -> Thing:
    if name in things:
        return things[name]
    raise SceneError(missing(kind, name, things))
