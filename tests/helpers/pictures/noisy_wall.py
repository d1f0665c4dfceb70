"""A wall whose colour only shading can tell."""

from __future__ import annotations

import bpy

from pictures.walls import wall


def build(scene: bpy.types.Scene) -> None:
    """Builds it."""
    tree = wall(scene).node_tree
    noise = tree.nodes.new("ShaderNodeTexNoise")
    tree.links.new(noise.outputs["Color"], tree.nodes["Principled BSDF"].inputs["Base Color"])
