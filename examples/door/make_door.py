"""Makes ``door.blend``, as one would by hand in Blender: a door on a frame, a hinge, a motor, a sun and a camera.

python examples/door/make_door.py
"""

import math
import os
from pathlib import Path

import bpy

from blendgym.scenes import bodies, cameras, constraints, lights, materials, meshes, surroundings

SIZE = (0.9, 0.05, 2.0)  # m


def main() -> None:
    """Builds the scene in an empty file and saves it beside this script."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    bodies.world(scene, solver_iterations=4)
    frame, door = _frame(scene), _door(scene)
    bodies.add(scene, frame, "BOX", groups=())
    bodies.add(scene, door, "BOX", mass=20.0, groups=())
    # A hinge turns about its own z axis, a motor about its own x axis: here both are vertical.
    constraints.hinge(scene, "Hinge", (frame, door))
    constraints.motor(scene, "Motor", (frame, door), rotation=(0.0, -math.pi / 2, 0.0), linear=False, angular=True)
    floor = materials.plain("Floor", (0.36, 0.31, 0.25), roughness=0.9)
    meshes.MeshBuilder().box((240.0, 240.0, 0.1), (0.0, 0.0, -0.06), floor).build(scene, "Floor")
    lights.sun(scene, "Sun", rotation=(math.radians(40), math.radians(-20), 0.0), strength=2.6)
    surroundings.sky(scene, colour=(0.55, 0.65, 0.80))
    cameras.perspective(scene, "Camera", (3.4, -4.8, 2.1), target=(0.4, 0.3, 1.05), field_of_view=math.radians(48))
    bpy.ops.wm.save_as_mainfile(filepath=str(Path(__file__).resolve().with_name("door.blend")))


def _frame(scene: bpy.types.Scene) -> bpy.types.Object:
    steel = materials.plain("Steel", (0.16, 0.19, 0.24), roughness=0.4)
    builder = meshes.MeshBuilder()
    for x in (-0.06, SIZE[0] + 0.06):
        builder.box((0.1, 0.1, 2.1), (x, 0.0, 1.05), steel)
    return builder.box((1.12, 0.1, 0.1), (SIZE[0] / 2, 0.0, 2.15), steel).build(scene, "Frame")


def _door(scene: bpy.types.Scene) -> bpy.types.Object:
    wood = materials.plain("Wood", (0.55, 0.27, 0.10), roughness=0.5)
    brass = materials.plain("Brass", (0.80, 0.60, 0.20), roughness=0.3)
    builder = meshes.MeshBuilder().box(SIZE, (0.0, 0.0, 0.0), wood)
    builder.cylinder(0.03, 0.16, (0.36, 0.0, 0.0), brass, axis="y")
    return builder.build(scene, "Door", location=(SIZE[0] / 2, 0.0, SIZE[2] / 2 + 0.02))


if __name__ == "__main__":
    main()
    os._exit(0)  # Blender may crash while Python tears it down.
