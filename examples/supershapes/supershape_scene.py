"""A mesh for supershapes, seen from above its side (runs inside Blender). Units: m."""

import math

import bpy
import numpy as np
from supershape import LATITUDES, LONGITUDES, supershape

from blendgym.scenes import cameras, lights, materials, surroundings
from blendgym.scenes.places import put


def build(scene):
    """Fills an empty scene."""
    mesh = bpy.data.meshes.new("Shape")
    numbers = np.arange(LATITUDES * LONGITUDES).reshape(LATITUDES, LONGITUDES)
    east = np.roll(numbers, -1, axis=1)
    faces = np.stack([numbers[:-1], east[:-1], east[1:], numbers[1:]], axis=-1).reshape(-1, 4)
    mesh.from_pydata(supershape(4.0, 4.0, 1.5, 3.0, 3.0), [], faces.tolist())
    mesh.shade_smooth()
    mesh.materials.append(materials.plain("Clay", (0.72, 0.30, 0.16)))
    put(scene, bpy.data.objects.new("Shape", mesh))
    lights.sun(scene, "Sun", rotation=(math.radians(50), math.radians(-30), 0.0), strength=3.0)
    surroundings.sky(scene, colour=(0.30, 0.34, 0.40))
    cameras.perspective(scene, "Camera", (0.0, -3.2, 2.0), target=(0.0, 0.0, 0.0), field_of_view=math.radians(34))
