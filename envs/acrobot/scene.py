"""Two links on a stand, and a bar. Units: m, kg. The links swing in the xz plane, the camera looks along +y."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings

LINK_SIZE = (0.2, 0.06, 1.2)
PINS = 1.0  # m between the two pins of a link
LINE_HEIGHT = 1.0  # m above the shoulder, which is the origin
GROUND = -2.4
OFFSET = -0.07  # the lower link is in front of the upper one
COUNTERCLOCKWISE = (math.pi / 2, 0.0, 0.0)  # turns the z axis to -y, about which a hanging link swings towards +x


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene, solver_iterations=10)
    steel = materials.plain("Steel", (0.16, 0.19, 0.24), roughness=0.4)
    metal = materials.plain("Pin", (0.80, 0.82, 0.85), roughness=0.3)
    blue = materials.plain("Upper", (0.06, 0.22, 0.45), roughness=0.4)
    wood = materials.plain("Lower", (0.90, 0.34, 0.04), roughness=0.5)
    stand = _stand(scene, steel)
    upper = _link(blue, metal, y=0.0).build(scene, "Upper", (0.0, 0.0, -PINS / 2))
    lower = _link(wood, metal, y=OFFSET).build(scene, "Lower", (0.0, 0.0, -1.5 * PINS))
    bodies.add(scene, stand, "BOX", groups=())
    bodies.add(scene, upper, "BOX", mass=1.0, groups=())
    bodies.add(scene, lower, "BOX", mass=1.0, groups=())
    elbow = (0.0, 0.0, -PINS)
    constraints.hinge(scene, "Shoulder", (stand, upper), rotation=COUNTERCLOCKWISE)
    constraints.hinge(scene, "Elbow", (upper, lower), location=elbow, rotation=COUNTERCLOCKWISE)
    # A motor turns about its x axis, which points along -y, too.
    motor_axis = (0.0, 0.0, -math.pi / 2)
    constraints.motor(
        scene, "Drive", (upper, lower), location=elbow, rotation=motor_axis, linear=False, angular=True, collide=False
    )
    _goal(scene, steel)
    surroundings.open_country(scene, height=GROUND)
    cameras.perspective(scene, "Camera", (0.0, -9.2, 0.9), target=(0.0, 0.0, -0.2), field_of_view=math.radians(40))


def _stand(scene: bpy.types.Scene, steel: bpy.types.Material) -> bpy.types.Object:
    builder = meshes.MeshBuilder().box((0.22, 0.12, -GROUND), (0.0, 0.24, GROUND / 2), steel)
    builder.box((1.3, 0.8, 0.06), (0.0, 0.24, GROUND + 0.03), steel)
    builder.cylinder(0.20, 0.30, (0.0, 0.20, 0.0), steel, axis="y")
    return builder.build(scene, "Stand")


def _link(surface: bpy.types.Material, metal: bpy.types.Material, y: float) -> meshes.MeshBuilder:
    """A bar with round ends and two pins."""
    width, depth, _ = LINK_SIZE
    builder = meshes.MeshBuilder().box((width, depth - 0.01, PINS), (0.0, y, 0.0), surface)
    for end in (-PINS / 2, PINS / 2):
        builder.cylinder(width / 2, depth, (0.0, y, end), surface, axis="y")
        builder.cylinder(0.05, depth + 0.02, (0.0, y, end), metal, axis="y")
    return builder


def _goal(scene: bpy.types.Scene, steel: bpy.types.Material) -> None:
    """A crossbar on two posts behind the links: the line that the tip has to get above."""
    red = materials.plain("Line", (0.75, 0.16, 0.10))
    height = LINE_HEIGHT - GROUND
    builder = meshes.MeshBuilder().box((4.6, 0.06, 0.08), (0.0, 0.40, LINE_HEIGHT - 0.04), red)
    for x in (-2.3, 2.3):
        builder.cylinder(0.05, height, (x, 0.46, GROUND + height / 2), steel)
        builder.cylinder(0.25, 0.05, (x, 0.46, GROUND + 0.025), steel)
    builder.build(scene, "Line")
