"""A falling body that nobody sees, with a child of many modifiers, and things in collections that are not rendered."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies
from sights import making
from sights.making import collection, cube, layer, put


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    making.light_and_camera(scene)
    falling, child = cube("Falling", 0.5), cube("Child", 1.5)
    falling.location = (1.0, 0.0, 1.0)
    for obj in (falling, child):
        scene.collection.objects.link(obj)
    bodies.add(scene, falling, "BOX", mass=1.0)
    falling.hide_render = True
    child.parent, child.location.x, child.scale.z = falling, -1.0, 0.5
    refined = child.modifiers.new("Refined", "SUBSURF")
    refined.levels, refined.render_levels = 0, 3
    hidden, excluded = (collection(name, parent=scene.collection) for name in ("Hidden", "Excluded"))
    hidden.hide_render = True
    layer(scene, excluded).exclude = True
    for number, into in enumerate((hidden, excluded)):
        put(scene, cube(f"Unseen in {into.name}"), number, into)
