"""A sheet of paper with rows of digits in ink, seen from above (runs inside Blender). Units: m.

All is a hundred times as large as on a desk: digits are 1.4 m high.
"""

from __future__ import annotations

import math

import bpy
import numpy as np

from blendgym.photographs.digits.page import HEIGHT, NAMES, PLACES, WIDTH_OF_VIEW
from blendgym.photographs.digits.pen import BODY, course_of, ink, quads
from blendgym.photographs.digits.skeletons import SKELETONS
from blendgym.scenes import cameras, lights, materials, meshes, surroundings
from blendgym.scenes.places import put


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    dye, paper = materials.plain("Ink", (0.02, 0.02, 0.05)), materials.plain("Paper", (0.80, 0.79, 0.75))
    meshes.box(scene, "Sheet", (40.0, 40.0, 0.1), paper, location=(0.0, 0.0, -0.05))
    meshes.cylinder(scene, "Speck", 1.0, 0.2, dye, location=(0.0, 0.0, -0.4))
    course = course_of(SKELETONS[0][0])
    zero = ink(course, course.points, np.full((len(course.straight), BODY), 0.1))
    for name, (x, y) in zip(NAMES, PLACES, strict=True):
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(zero.tolist(), [], quads().tolist())
        mesh.shade_smooth()
        mesh.materials.append(dye)
        put(scene, bpy.data.objects.new(name, mesh), (x, y, 0.0))
    lights.sun(scene, "Sun", rotation=(0.0, math.pi / 2 - 0.83, 2.3), strength=2.0)
    surroundings.sky(scene, colour=(1.0, 1.0, 1.0), strength=0.5)
    angle = 2.0 * math.atan(WIDTH_OF_VIEW / 2.0 / HEIGHT)
    cameras.perspective(scene, "Camera", (0.0, -1.0, HEIGHT), target=(0.0, 0.0, 0.0), field_of_view=angle)
