"""A cube that falls onto a slab, which a task shows and hides."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies
from sights import making
from sights.making import cube


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    making.light_and_camera(scene)
    slab, falling = cube("Slab", 1.0), cube("Falling", 0.5)
    falling.location.z = 1.5
    for obj in (slab, falling):
        scene.collection.objects.link(obj)
    bodies.add(scene, slab, "BOX")
    bodies.add(scene, falling, "BOX", mass=1.0)
    slab.hide_render = True
