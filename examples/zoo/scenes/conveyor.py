"""A parcel on a belt: the belt is kinematic, moved by the task, and takes the parcel along by friction."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies, cameras, materials, meshes, surroundings

THICKNESS = 0.2
PARCEL = 0.3


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene; the surface of the belt is at z = 0."""
    bodies.world(scene)
    surroundings.open_country(scene, height=-1.0)
    grey, red = materials.plain("Grey", (0.2, 0.2, 0.2)), materials.plain("Red", (0.75, 0.16, 0.10))
    belt = meshes.box(scene, "Belt", (20.0, 1.0, THICKNESS), grey, location=(0.0, 0.0, -THICKNESS / 2))
    parcel = meshes.box(scene, "Parcel", (PARCEL, PARCEL, PARCEL), red, location=(0.0, 0.0, PARCEL / 2))
    bodies.add(scene, belt, "BOX", mass=1.0, friction=1.0, kinematic=True)
    bodies.add(scene, parcel, "BOX", mass=2.0, friction=0.4)
    cameras.perspective(scene, "Camera", (1.0, -6.0, 1.5), target=(1.0, 0.0, 0.0), field_of_view=0.9)
