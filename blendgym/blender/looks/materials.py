"""The look of a material: its colour, its roughness and its texture."""

from __future__ import annotations

from typing import Any

import bpy

from blendgym.blender.looks.aspect import Aspect, Numbers
from blendgym.blender.looks.colours import HueSaturationBrightness, hue_saturation_brightness
from blendgym.blender.looks.textures import put_colour, put_texture, texture_of
from blendgym.errors import SceneError


class MaterialAspect(Aspect):
    """One aspect of a material.

    Args:
        material: As it was built.
    """

    def __init__(self, material: bpy.types.Material) -> None:
        self._material = material
        super().__init__()

    def restore(self) -> None:
        self.restore_on(self._material)

    def restore_on(self, material: bpy.types.Material) -> None:
        """Makes a copy of the material look as the material was built."""
        raise NotImplementedError


class MaterialColour(MaterialAspect):
    """``hue`` (in rad), ``saturation`` and ``brightness`` of the base colour and of the colour in the viewport."""

    angles = frozenset({"hue"})

    def __init__(self, material: bpy.types.Material) -> None:
        self._base = _shader(material).inputs["Base Color"]
        self._own = tuple(self._base.default_value)
        self._own_in_viewport = tuple(material.diffuse_color)
        super().__init__(material)

    def state(self) -> tuple[float, ...]:
        return tuple(self._base.default_value)

    def measure(self, state: tuple[float, ...]) -> Numbers:
        return hue_saturation_brightness(state)._asdict()

    def show(self, numbers: Numbers) -> None:
        rgb = HueSaturationBrightness(**numbers).rgb
        put_colour(self._material, self._base, (*rgb, self._own[3]))
        self._material.diffuse_color = (*rgb, self._own_in_viewport[3])

    def restore_on(self, material: bpy.types.Material) -> None:
        put_colour(material, _shader(material).inputs["Base Color"], self._own)
        material.diffuse_color = self._own_in_viewport


class MaterialRoughness(MaterialAspect):
    """``roughness``, from 0 (mirror) to 1 (matt), in renders and in the viewport."""

    def __init__(self, material: bpy.types.Material) -> None:
        self._roughness = _shader(material).inputs["Roughness"]
        self._own = self._roughness.default_value
        self._own_in_viewport = material.roughness
        super().__init__(material)

    def state(self) -> float:
        return self._roughness.default_value

    def measure(self, state: float) -> Numbers:
        return {"roughness": state}

    def show(self, numbers: Numbers) -> None:
        self._roughness.default_value = self._material.roughness = numbers["roughness"]

    def restore_on(self, material: bpy.types.Material) -> None:
        _shader(material).inputs["Roughness"].default_value = self._own
        material.roughness = self._own_in_viewport


class MaterialTexture(MaterialAspect):
    """``texture``: the number of one of ``TEXTURES``, whose shades multiply the colour.

    Args:
        material: As it was built.
        size: Of the texture, in units of the UV map.
    """

    def __init__(self, material: bpy.types.Material, size: float) -> None:
        self._size = size
        super().__init__(material)

    def state(self) -> int:
        return texture_of(self._material)

    def measure(self, state: int) -> Numbers:
        return {"texture": float(state)}

    def show(self, numbers: Numbers) -> None:
        base = _shader(self._material).inputs["Base Color"]
        put_texture(self._material, base, round(numbers["texture"]), self._size)

    def restore_on(self, material: bpy.types.Material) -> None:
        put_texture(material, _shader(material).inputs["Base Color"], 0, self._size)


def _shader(material: bpy.types.Material) -> Any:
    return next((node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED"), None)


def require_plain(material: bpy.types.Material, name: str) -> bpy.types.Material:
    """Checks that parameters can change a material.

    Raises:
        SceneError: If it has no Principled BSDF with a colour and a roughness of its own.
    """
    shader = _shader(material) if material.use_nodes else None
    if shader is None or any(shader.inputs[socket].is_linked for socket in ("Base Color", "Roughness")):
        raise SceneError(
            f"No parameter can change material {name!r}: that needs a Principled BSDF whose base colour and roughness "
            "are values, not links."
        )
    return material
