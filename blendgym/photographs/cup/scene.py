"""A table top, a floor, and crockery to be copied (runs inside Blender). Lengths in m: a cup is about 1 m wide."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Iterable
from pathlib import Path

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import SceneError
from blendgym.photographs.cup import crockery
from blendgym.photographs.cup.kitchen import (
    COLOURS,
    CUP,
    CUPS,
    DISHES,
    FIELD_OF_VIEW,
    FLOOR,
    GREY,
    PAINTS,
    SAUCERS,
    SPOONS,
    SURROUNDINGS,
    TABLE,
    TEAPOTS,
    WOODS,
)
from blendgym.photographs.cup.surfaces import picture
from blendgym.photographs.noise import PIXELS
from blendgym.scenes import bodies, cameras, lights, materials, meshes, surroundings
from blendgym.scenes.places import put

SEED = 20_26
"""Of shapes, pictures and colours, which are the same in all samples."""

BELOW = (0.0, 0.0, -60.0)
"""Where templates are, out of sight."""

TABLE_SIZE, FLOOR_SIZE = 24.0, 80.0

BOWL = [
    (0.0, 0.0),
    (0.3, 0.0),
    (0.32, 0.04),
    (0.6, 0.25),
    (0.75, 0.5),
    (0.71, 0.5),
    (0.56, 0.27),
    (0.3, 0.08),
    (0.0, 0.08),
]
PLATE = [(0.0, 0.0), (0.6, 0.0), (0.9, 0.06), (1.1, 0.14), (1.1, 0.17), (0.9, 0.1), (0.6, 0.04), (0.0, 0.04)]
BOTTLE = [(0.0, 0.0), (0.4, 0.0), (0.42, 0.05), (0.42, 1.2), (0.32, 1.5), (0.14, 1.8), (0.14, 2.3), (0.0, 2.3)]


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    rng = np.random.default_rng(SEED)
    bodies.world(scene)
    for name, (hue, saturation, brightness) in COLOURS.items():
        materials.plain(name, colorsys.hsv_to_rgb(hue / math.tau, saturation, brightness))
    for name, shade in (("Gloss", 0.95), ("Steel", 0.45), ("Shadow", 0.12), (GREY, 0.25)):
        materials.plain(name, (shade, shade, shade))
    paints = [_paint(name, rng) for name in PAINTS]
    for name in WOODS:
        _pictured(name, _image(name, picture(rng)), "Base Color")
    for name, image in zip(SURROUNDINGS, _surroundings(), strict=True):
        _pictured(name, image, "Emission Color")
    _ground(scene)
    _crockery(scene, rng)
    _clutter(scene, paints[0])
    lights.sun(scene, "Sun", rotation=(0.0, math.pi / 2 - 0.9, 2.3), strength=2.0)
    _lamp(scene)
    surroundings.sky(scene, colour=colorsys.hsv_to_rgb(0.1 / math.tau, 0.05, 1.0), strength=0.4)
    cameras.perspective(scene, "Camera", (0.0, -3.0, 3.0), target=(0.0, 0.0, 0.4), field_of_view=FIELD_OF_VIEW)


def _ground(scene: bpy.types.Scene) -> None:
    """The table top, whose upper side is at its origin and which ends there on the side of +x, and the floor.

    They have a slot for each material that copies of any object may have.
    """
    top = meshes.MeshBuilder().box(
        (TABLE_SIZE, TABLE_SIZE, 0.3), (-TABLE_SIZE / 2.0, 0.0, -0.15), bpy.data.materials["Linen"]
    ).build(scene, TABLE, BELOW)  # fmt: skip
    bodies.add(scene, top, "CONVEX_HULL", friction=0.8)
    for name in (*PAINTS, *WOODS):
        top.data.materials.append(bpy.data.materials[name])
    floor = meshes.box(scene, FLOOR, (FLOOR_SIZE, FLOOR_SIZE, 0.1), bpy.data.materials[GREY], location=BELOW)
    floor.data.uv_layers[0].data.foreach_set("uv", _scaled(floor.data, 1.0 / FLOOR_SIZE))
    for name in SURROUNDINGS:
        floor.data.materials.append(bpy.data.materials[name])


def _crockery(scene: bpy.types.Scene, rng: np.random.Generator) -> None:
    for name in CUPS:
        made = _put(scene, name, crockery.cup(rng), crockery.MATERIALS)
        made["category"] = CUP
        bodies.add(scene, made, "CONVEX_HULL", mass=1.0, friction=0.7, angular_damping=0.3)
    for name, other in zip(SAUCERS, DISHES, strict=True):
        shape = crockery.saucer(rng)
        for each, glaze in ((name, "Glaze"), (other, "China")):
            made = _put(scene, each, shape, (glaze, *crockery.MATERIALS[1:]))
            bodies.add(scene, made, "MESH", friction=0.7)
    for name in SPOONS:
        made = _put(scene, name, crockery.spoon(rng), ("Steel", "Shadow", "Steel", "Steel", "Gloss"))
        bodies.add(scene, made, "CONVEX_HULL", mass=0.3, friction=0.6, angular_damping=0.5)
    for name in TEAPOTS:
        made = _put(scene, name, crockery.teapot(rng), crockery.MATERIALS)
        bodies.add(scene, made, "CONVEX_HULL", mass=2.0, friction=0.7, angular_damping=0.3)


def _clutter(scene: bpy.types.Scene, paint: bpy.types.Material) -> None:
    made = [
        meshes.box(scene, "Box", (0.8, 0.8, 0.8), paint, location=BELOW),
        meshes.cylinder(scene, "Can", 0.4, 1.1, paint, location=BELOW),
        meshes.sphere(scene, "Ball", 0.45, paint, location=BELOW),
        meshes.box(scene, "Book", (1.8, 1.3, 0.25), paint, location=BELOW),
        meshes.box(scene, "Napkin", (1.4, 1.4, 0.04), paint, location=BELOW),
        *(
            _put(scene, name, crockery.turned(profile), (paint.name,))
            for name, profile in (("Plate", PLATE), ("Bowl", BOWL), ("Bottle", BOTTLE))
        ),
    ]
    shapes: dict[str, bodies.Shape] = {"Can": "CYLINDER", "Ball": "SPHERE"}
    for thing in made:
        is_turned = thing.name in ("Plate", "Bowl", "Bottle")
        shape = shapes.get(thing.name, "CONVEX_HULL" if is_turned else "BOX")
        bodies.add(scene, thing, shape, mass=0.5, friction=0.7, angular_damping=0.4)


def _put(scene: bpy.types.Scene, name: str, shape: crockery.Shape, names: Iterable[str]) -> bpy.types.Object:
    """An object of a shape, its faces smooth, with a UV map in metres seen from above."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(shape.vertices.tolist(), [], shape.faces)
    for each in names:
        mesh.materials.append(bpy.data.materials[each])
    mesh.polygons.foreach_set("material_index", shape.materials)
    mesh.shade_smooth()
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", shape.vertices[corners, :2].astype(np.float32).ravel())
    mesh.update()
    return put(scene, bpy.data.objects.new(name, mesh), BELOW)


def _paint(name: str, rng: np.random.Generator) -> bpy.types.Material:
    red, green, blue = rng.uniform(0.02, 0.9) * rng.uniform(0.3, 1.0, 3)
    return materials.plain(name, (red, green, blue))


def _pictured(name: str, image: bpy.types.Image, socket: str) -> None:
    """A material that reflects a picture, or shines with it."""
    made = materials.plain(name, (0.0, 0.0, 0.0))
    tree, shader = made.node_tree, made.node_tree.nodes["Principled BSDF"]
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = image
    tree.links.new(texture.outputs["Color"], shader.inputs[socket])
    if socket == "Emission Color":
        shader.inputs["Emission Strength"].default_value = 1.0


def _image(name: str, shares: NDArray[np.float64]) -> bpy.types.Image:
    image = bpy.data.images.new(name, PIXELS, PIXELS)
    pixels = np.ones((PIXELS, PIXELS, 4), np.float32)
    pixels[..., :3] = shares
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    return image


def _surroundings() -> list[bpy.types.Image]:
    """The high dynamic range images that Blender ships for its viewport, CC0, of Poly Haven.

    Raises:
        SceneError: If this Blender has others.
    """
    folder = Path(bpy.utils.system_resource("DATAFILES", path="studiolights/world"))
    files = sorted(folder.glob("*.exr"))[: len(SURROUNDINGS)]
    if len(files) < len(SURROUNDINGS):
        raise SceneError(
            f"{folder} has {len(files)} images of surroundings; expected the {len(SURROUNDINGS)} of Blender."
        )
    return [bpy.data.images.load(str(file)) for file in files]


def _scaled(mesh: bpy.types.Mesh, factor: float) -> NDArray[np.float32]:
    places = np.empty(2 * len(mesh.uv_layers[0].data), np.float32)
    mesh.uv_layers[0].data.foreach_get("uv", places)
    return np.asarray(places * factor, np.float32)


def _lamp(scene: bpy.types.Scene) -> None:
    """Light from near by, which is uneven."""
    light = bpy.data.lights.new("Lamp", "POINT")
    light.energy = 60.0
    light.shadow_soft_size = 0.0
    put(scene, bpy.data.objects.new("Lamp", light), (-3.0, 2.0, 4.0))
