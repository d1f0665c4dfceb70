"""A wall whose image is a file of another kind."""

from __future__ import annotations

import bpy

from pictures.walls import wall


def build(scene: bpy.types.Scene) -> None:
    """Builds it."""
    tree = wall(scene).node_tree
    image = bpy.data.images.new("bricks", 4, 4)
    image.source, image.filepath = "FILE", __file__
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = image
    tree.links.new(texture.outputs["Color"], tree.nodes["Principled BSDF"].inputs["Base Color"])
