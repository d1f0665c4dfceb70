"""A rover in an arena, and what a layout can have of: crates, pillars, boulders and a beacon. Units: m, kg.

Wheels touch the ground alone, and the bumper what stands on it: the rover neither climbs onto anything nor hooks into
it. All weight rests on three points, the two wheels and a caster without friction, so it stands firmly.
"""

from __future__ import annotations

import math

import bpy
import numpy as np

from blendgym.envs.rover.geometry import (
    AXLE,
    BEACON_HEIGHT,
    BEACON_RADIUS,
    BUMPER,
    CASTER,
    CASTER_RADIUS,
    HALF_ARENA,
    HEIGHT,
    TRACK,
    WHEEL_RADIUS,
)
from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings
from blendgym.scenes.places import Triple

GROUND, OBSTACLES = 0, 1
"""Collision groups."""

CAMERA = (0.12, 0.0, 0.45)
LOOKS_AT = (4.12, 0.0, -0.15)
FIELD_OF_VIEW = math.radians(90)

WALL = (0.4, 0.6)
"""Thickness and height."""


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    # With the 10 iterations that suffice elsewhere, the wheels slip by 7% in curves; with 30 it is 2%.
    bodies.world(scene, solver_iterations=30)
    _country(scene)
    chassis = _chassis(scene)
    _payload(scene, chassis)
    _wheels(scene, chassis)
    _templates(scene)
    camera = cameras.perspective(scene, "Camera", CAMERA, LOOKS_AT, FIELD_OF_VIEW)
    camera.parent = chassis


def _country(scene: bpy.types.Scene) -> None:
    ground = surroundings.open_country(scene, height=0.0)
    ground.location.xy = 0.0, 0.0
    bodies.add(scene, ground, "BOX", friction=0.8, groups=(GROUND,))
    stone = materials.plain("Wall", (0.45, 0.36, 0.25), roughness=0.9)
    thickness, height = WALL
    middle, length = HALF_ARENA + thickness / 2, 2 * (HALF_ARENA + thickness)
    for name, x, y in (("east", middle, 0.0), ("west", -middle, 0.0), ("north", 0.0, middle), ("south", 0.0, -middle)):
        size = (thickness, length, height) if x else (length - 2 * thickness, thickness, height)
        wall = meshes.box(scene, f"Wall {name}", size, stone, location=(x, y, height / 2))
        bodies.add(scene, wall, "BOX", friction=0.0, groups=(OBSTACLES,))
    _hills(scene)


def _hills(scene: bpy.types.Scene) -> None:
    """Something to look at behind the walls, and to find one's way by."""
    rock = materials.plain("Hills", (0.36, 0.20, 0.12), roughness=0.9)
    builder, rng = meshes.MeshBuilder(), np.random.default_rng(4)
    for number in range(18):
        angle, distance = math.tau * (number + rng.uniform(0.0, 0.8)) / 18, rng.uniform(10.5, 17.0)
        place = (distance * math.cos(angle), distance * math.sin(angle), -0.2)
        builder.boulder(rng.uniform(0.9, 2.4), place, rock, seed=number, detail=1)
    builder.build(scene, "Hills")


def _chassis(scene: bpy.types.Scene) -> bpy.types.Object:
    paint = materials.plain("Hull", (0.80, 0.80, 0.76), roughness=0.5)
    trim = materials.plain("Trim", (0.02, 0.24, 0.30), roughness=0.5)
    dark = materials.plain("Bumper", (0.05, 0.055, 0.06), roughness=0.7)
    hull = meshes.MeshBuilder()
    hull.box((0.64, 0.28, 0.12), (0.0, 0.0, 0.03), paint)
    hull.box((0.24, 0.38, 0.06), (0.20, 0.0, 0.05), trim)
    hull.box((0.26, 0.26, 0.03), (-0.16, 0.0, 0.10), trim)
    x, y, z = CAMERA
    hull.box((0.035, 0.035, z - 0.05), (x - 0.06, y, z / 2), dark)
    hull.box((0.07, 0.18, 0.08), (x - 0.05, y, z), paint)
    hull.cylinder(0.028, 0.02, (x - 0.015, y, z), dark, axis="x")
    chassis = hull.build(scene, "Chassis", (0.0, 0.0, HEIGHT))
    length, width, height = BUMPER
    frame = meshes.MeshBuilder()
    for side in (-1, 1):
        frame.box((0.05, width, height), (side * (length - 0.05) / 2, 0.0, 0.0), dark)
        frame.box((length, 0.03, height), (0.0, side * (width - 0.03) / 2, 0.0), dark)
    bumper = frame.build(scene, "Bumper")
    steel = materials.plain("Steel", (0.45, 0.47, 0.50), roughness=0.3)
    roller = meshes.MeshBuilder().cylinder(CASTER_RADIUS, 0.06, (0.0, 0.0, 0.0), steel, axis="y")
    caster = roller.build(scene, "Caster", CASTER)
    bodies.add(scene, chassis, "COMPOUND", mass=6.0, friction=0.0, groups=(GROUND, OBSTACLES))
    bumper.parent = caster.parent = chassis
    bodies.add(scene, bumper, "BOX", friction=0.0, groups=(GROUND, OBSTACLES))
    bodies.add(scene, caster, "SPHERE", friction=0.0, groups=(GROUND, OBSTACLES))
    return chassis


def _payload(scene: bpy.types.Scene, chassis: bpy.types.Object) -> None:
    cargo = materials.plain("Cargo", (0.70, 0.42, 0.06))
    place: Triple = (-0.16, 0.0, HEIGHT + 0.19)
    payload = meshes.box(scene, "Payload", (0.22, 0.22, 0.15), cargo, location=place)
    bodies.add(scene, payload, "BOX", mass=0.5, groups=())
    constraints.fixed(scene, "Straps", (chassis, payload), location=place)


def _wheels(scene: bpy.types.Scene, chassis: bpy.types.Object) -> None:
    rubber = materials.plain("Rubber", (0.03, 0.03, 0.035), roughness=0.8)
    hub = materials.plain("Hub", (0.75, 0.30, 0.05))
    for name, side in (("Left wheel", 1), ("Right wheel", -1)):
        place: Triple = (AXLE[0], side * TRACK / 2, WHEEL_RADIUS)
        builder = meshes.MeshBuilder().cylinder(WHEEL_RADIUS, 0.12, (0.0, 0.0, 0.0), rubber, axis="y")
        for spoke in range(3):
            builder.box((0.22, 0.13, 0.04), (0.0, 0.0, 0.0), hub, rotation=(0.0, math.pi / 3 * spoke, 0.0))
        wheel = builder.build(scene, name, place)
        bodies.add(scene, wheel, "SPHERE", mass=0.5, friction=1.0, groups=(GROUND,))
        # A hinge turns about its z axis, which points along +y here: positive speeds drive forwards.
        axle = f"{name.partition(' ')[0]} axle"
        constraints.hinge(scene, axle, (chassis, wheel), location=place, rotation=(-math.pi / 2, 0.0, 0.0))


def _templates(scene: bpy.types.Scene) -> None:
    wood = materials.plain("Crate", (0.50, 0.30, 0.12))
    concrete = materials.plain("Pillar", (0.60, 0.60, 0.56))
    rock = materials.plain("Boulder", (0.27, 0.22, 0.19), roughness=0.9)
    crate = meshes.box(scene, "Crate", (1.0, 1.0, 1.0), wood)
    pillar = meshes.cylinder(scene, "Pillar", 1.0, 1.0, concrete)
    boulder = meshes.MeshBuilder().boulder(1.0, (0.0, 0.0, 0.0), rock, seed=3).build(scene, "Boulder")
    bodies.add(scene, crate, "BOX", groups=(OBSTACLES,))
    bodies.add(scene, pillar, "CYLINDER", groups=(OBSTACLES,))
    bodies.add(scene, boulder, "CONVEX_HULL", groups=(OBSTACLES,))
    bodies.add(scene, _beacon(scene), "CYLINDER", groups=(OBSTACLES,))


def _beacon(scene: bpy.types.Scene) -> bpy.types.Object:
    signal = materials.plain("Beacon", (0.90, 0.01, 0.20), roughness=0.4)
    foot, top = -BEACON_HEIGHT / 2, BEACON_HEIGHT / 2
    builder = meshes.MeshBuilder().cylinder(BEACON_RADIUS, 0.16, (0.0, 0.0, foot + 0.08), signal)
    builder.cylinder(0.14, BEACON_HEIGHT - 0.5, (0.0, 0.0, 0.0), signal)
    builder.sphere(BEACON_RADIUS, (0.0, 0.0, top - BEACON_RADIUS), signal)
    return builder.build(scene, "Beacon")
