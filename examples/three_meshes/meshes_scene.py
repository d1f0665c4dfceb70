"""Three meshes to be scattered, and a tray in which they come to rest (runs inside Blender). Units: m, kg."""

import math

import bmesh
import bpy
from mathutils import Matrix

from blendgym.scenes import bodies, cameras, lights, materials, meshes, surroundings
from blendgym.scenes.places import put


def build(scene):
    """Fills an empty scene."""
    bodies.world(scene)
    linen = materials.plain("Linen", (0.40, 0.37, 0.33))
    table = meshes.box(scene, "Table", (60.0, 60.0, 0.1), linen, location=(0.0, 0.0, -0.05))
    bodies.add(scene, table, "BOX", friction=0.9)
    for obj in (_monkey(scene), _ring(scene), _gem(scene)):
        bodies.add(scene, obj, "CONVEX_HULL", mass=0.5, friction=0.8, angular_damping=0.5)
    lights.sun(scene, "Sun", (math.radians(36), math.radians(-30), 0.0), strength=2.6, colour=(1.0, 0.94, 0.86))
    surroundings.sky(scene, colour=(0.44, 0.55, 0.70))
    cameras.perspective(scene, "Camera", (0.0, -6.4, 4.8), target=(0.0, 0.0, 0.1), field_of_view=math.radians(38))


def _monkey(scene):
    """Blender's own monkey."""
    mesh = bmesh.new()
    bmesh.ops.create_monkey(mesh, matrix=Matrix.Scale(0.42, 4))
    return _object(scene, "Monkey", mesh, (0.55, 0.24, 0.10), smooth=True)


def _ring(scene):
    """A circle that is turned about the z axis."""
    mesh = bmesh.new()
    beside = Matrix.Translation((0.34, 0.0, 0.0)) @ Matrix.Rotation(math.pi / 2, 4, "X")
    bmesh.ops.create_circle(mesh, segments=20, radius=0.12, matrix=beside)
    turned = {"cent": (0.0, 0.0, 0.0), "axis": (0.0, 0.0, 1.0), "angle": 2 * math.pi, "steps": 40, "use_merge": True}
    bmesh.ops.spin(mesh, geom=[*mesh.verts, *mesh.edges], **turned)
    bmesh.ops.recalc_face_normals(mesh, faces=mesh.faces)
    return _object(scene, "Ring", mesh, (0.85, 0.55, 0.08), smooth=True)


def _gem(scene):
    """An icosahedron."""
    mesh = bmesh.new()
    bmesh.ops.create_icosphere(mesh, subdivisions=1, radius=0.36)
    return _object(scene, "Gem", mesh, (0.05, 0.30, 0.42), smooth=False)


def _object(scene, name, mesh, colour, smooth):
    for face in mesh.faces:
        face.smooth = smooth
    data = bpy.data.meshes.new(name)
    mesh.to_mesh(data)
    mesh.free()
    data.materials.append(materials.plain(name, colour, roughness=0.4))
    return put(scene, bpy.data.objects.new(name, data))
