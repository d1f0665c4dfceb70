"""A pole on a cart on a track. Units: m, kg. The track runs along x, the camera looks along +y."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings
from blendgym.scenes.places import Triple

CART_SIZE = (0.5, 0.3, 0.2)
POLE_SIZE = (0.05, 0.05, 1.0)
HINGE_HEIGHT = 0.1  # above the cart's centre: the middle of its upper face
TRACK_LENGTH = 5.6


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    mechanism(scene, hinge=(0.0, 0.0, HINGE_HEIGHT), axle_length=0.12, post_height=0.22)
    surroundings.open_country(scene, height=-0.45)
    cameras.perspective(scene, "Camera", (0.0, -6.6, 1.2), target=(0.0, 0.0, 0.3), field_of_view=math.radians(48))


def mechanism(scene: bpy.types.Scene, hinge: Triple, axle_length: float, post_height: float) -> None:
    """Adds track, cart and pole with their physics.

    Args:
        scene: Without physics.
        hinge: Where the pole is hinged, from the centre of the cart, in m.
        axle_length: The length of the axle of the hinge, along y, in m.
        post_height: The height of the posts under the track, in m.
    """
    # With two joints in a row, more iterations change nothing at nominal masses, and less than 5e-4 rad in a second
    # with a pole four times as heavy as its cart.
    bodies.world(scene, solver_iterations=4)
    track, cart, pole = _track(scene, post_height), _cart(scene, hinge, axle_length), _pole(scene, hinge)
    bodies.add(scene, track, "BOX", groups=())
    bodies.add(scene, cart, "BOX", mass=1.0, groups=())
    bodies.add(scene, pole, "BOX", mass=0.1, groups=())
    constraints.slider(scene, "Track", (track, cart))
    # A hinge turns about its z axis; turned by +90° about x, that points along -y, and by -90° along +y. Rotation
    # about +y leans an upright pole towards +x.
    constraints.hinge(scene, "Hinge", (cart, pole), location=hinge, rotation=(-math.pi / 2, 0.0, 0.0))
    constraints.motor(scene, "Drive", (track, cart))


def _track(scene: bpy.types.Scene, post_height: float) -> bpy.types.Object:
    steel = materials.plain("Steel", (0.16, 0.19, 0.24), roughness=0.4)
    stop = materials.plain("Stop", (0.75, 0.16, 0.10))
    builder = meshes.MeshBuilder()
    for y in (-0.12, 0.12):
        builder.box((TRACK_LENGTH, 0.04, 0.05), (0.0, y, -0.205), steel)
    for x in (-2.4, -1.2, 0.0, 1.2, 2.4):
        builder.box((0.05, 0.34, post_height), (x, 0.0, -0.225 - post_height / 2), steel)
    for side in (-1, 1):
        builder.box((0.06, 0.34, 0.16), (side * (2.4 + CART_SIZE[0] / 2 + 0.03), 0.0, -0.15), stop)
    return builder.build(scene, "Rail")


def _cart(scene: bpy.types.Scene, hinge: Triple, axle_length: float) -> bpy.types.Object:
    body = materials.plain("Cart", (0.06, 0.22, 0.45), roughness=0.4)
    rubber = materials.plain("Rubber", (0.03, 0.03, 0.035), roughness=0.8)
    axle = materials.plain("Axle", (0.80, 0.82, 0.85), roughness=0.3)
    builder = meshes.MeshBuilder().box(CART_SIZE, (0.0, 0.0, 0.0), body)
    for x in (-0.16, 0.16):
        for y in (-0.12, 0.12):
            builder.cylinder(0.07, 0.05, (x, y, -0.11), rubber, axis="y")
    builder.cylinder(0.045, axle_length, (0.0, 0.0, hinge[2]), axle, axis="y")
    return builder.build(scene, "Cart")


def _pole(scene: bpy.types.Scene, hinge: Triple) -> bpy.types.Object:
    wood = materials.plain("Pole", (0.90, 0.34, 0.04), roughness=0.5)
    centre = (hinge[0], hinge[1], hinge[2] + POLE_SIZE[2] / 2)
    return meshes.MeshBuilder().box(POLE_SIZE, (0.0, 0.0, 0.0), wood).build(scene, "Pole", centre)
