"""Materials of scenes."""

from __future__ import annotations

from typing import TypeAlias

import bpy

Colour: TypeAlias = tuple[float, float, float]
"""Linear RGB, each from 0 to 1."""


def plain(name: str, colour: Colour, roughness: float = 0.6) -> bpy.types.Material:
    """A material of one colour that looks alike in every engine.

    Args:
        name: Of the material.
        colour: Linear RGB, each from 0 to 1.
        roughness: From 0 (mirror) to 1 (matt).
    """
    made = bpy.data.materials.new(name)
    made.diffuse_color = (*colour, 1.0)
    made.roughness = roughness
    made.use_nodes = True
    surface = made.node_tree.nodes["Principled BSDF"]
    surface.inputs["Base Color"].default_value = (*colour, 1.0)
    surface.inputs["Roughness"].default_value = roughness
    return made
