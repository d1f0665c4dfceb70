"""More objects than 16 bits can count, most of them backstage."""

from __future__ import annotations

import bpy

from analytic import making
from analytic.known import CROWD, GATE, SEEN_OF_CROWD, Place


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene. By name, "Body" is the first, so that the numbers of all others are their ids."""
    making.physics(scene)
    making.camera(scene, "Gate", GATE, sensor_fit="HORIZONTAL", lens=36.0)
    cube = making.block("Cube", (0.4, 0.4, 0.4))
    backstage = bpy.data.collections.new("Backstage")
    for number in range(2, CROWD + 1):
        if number not in SEEN_OF_CROWD:
            backstage.objects.link(bpy.data.objects.new(f"Cube {number:05}", cube))
    # Linked when it is full, as Blender goes over all objects whenever one is added to a scene; and not evaluated.
    scene.collection.children.link(backstage)
    bpy.context.view_layer.layer_collection.children["Backstage"].exclude = True
    for number, location in SEEN_OF_CROWD.items():
        making.put(scene, f"Cube {number:05}", cube, Place(location))
