"""One square, seen from the front under a sky of radiance 1, with each material of a table."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import bpy
import numpy as np
from analytic.known import Place
from analytic.making import camera, put

from blendgym.blender.render.cameras import Cameras
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import BlendgymError
from blendgym.images.views import make_view
from pictures.expected import ALPHA_RIGHT, DARK, LEFT, RED, RIGHT
from pictures.taking import Pictures, store


class Making:
    """Makes the nodes of a material."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.principled = self.tree.nodes["Principled BSDF"]
        self.base = self.principled.inputs["Base Color"]
        self.output = self.tree.nodes["Material Output"].inputs["Surface"]

    def node(self, kind: str, **values: Any) -> Any:
        """A node; what it has no property for is the identifier of an input."""
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in values.items():
            if hasattr(node, name):
                setattr(node, name, value)
            else:
                self.give(next(each for each in node.inputs if each.identifier == name), value)
        return node

    def give(self, socket: Any, value: Any) -> None:
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = (*value, 1.0) if isinstance(value, tuple) and len(value) == 3 else value

    def colour(self, value: Any) -> None:
        self.give(self.base, value)

    def shader(self, kind: str, **values: Any) -> Any:
        return self.node(kind, **values).outputs[0]

    def rgb(self, value: tuple[float, ...]) -> Any:
        node = self.node("RGB")
        node.outputs[0].default_value = (*value, 1.0)
        return node.outputs[0]

    def mix(self, blend: str, factor: float, one: Any, other: Any) -> Any:
        node = self.node("Mix", data_type="RGBA", blend_type=blend)
        for socket, value in zip((each for each in node.inputs if each.enabled), (factor, one, other), strict=True):
            self.give(socket, value)
        return next(each for each in node.outputs if each.enabled)

    def mixed(self, factor: Any, one: Any, other: Any) -> Any:
        node = self.node("MixShader")
        for socket, value in zip(node.inputs, (factor, one, other), strict=True):
            self.give(socket, value)
        return node.outputs[0]

    def image(self, **values: Any) -> Any:
        return self.node("TexImage", image=bpy.data.images["Halves"], interpolation="Closest", **values)


def plain(colour: tuple[float, ...]) -> bpy.types.Material:
    making = Making("Plain")
    making.colour(colour)
    return making.material


def group(making: Making) -> Any:
    """A node group that multiplies its input by a half."""
    tree = bpy.data.node_groups.new("Half", "ShaderNodeTree")
    tree.interface.new_socket("Tint", in_out="INPUT", socket_type="NodeSocketColor")
    tree.interface.new_socket("Shade", in_out="OUTPUT", socket_type="NodeSocketColor")
    enter, leave, half = (
        tree.nodes.new(kind) for kind in ("NodeGroupInput", "NodeGroupOutput", "ShaderNodeVectorMath")
    )
    half.operation = "MULTIPLY"
    half.inputs[1].default_value = (0.5, 0.5, 0.5)
    tree.links.new(enter.outputs[0], half.inputs[0])
    tree.links.new(half.outputs[0], leave.inputs[0])
    node = making.node("Group", node_tree=tree)
    making.give(node.inputs[0], RED)
    return node.outputs[0]


def make(name: str) -> bpy.types.Material:
    making = Making(name)
    MATERIALS[name](making)
    return making.material


def out(making: Making, socket: Any) -> None:
    making.give(making.output, socket)


MATERIALS: Mapping[str, Callable[[Making], None]] = {
    "rgb": lambda m: m.colour(m.rgb(RED)),
    "reroute": lambda m: m.colour(rerouted(m)),
    "group": lambda m: m.colour(group(m)),
    "muted": lambda m: m.colour(m.node("Gamma", Color=m.rgb(RED), Gamma=3.0, mute=True).outputs[0]),
    "attribute": lambda m: m.colour(m.node("VertexColor", layer_name="Tint").outputs[0]),
    "attribute_node": lambda m: m.colour(m.node("Attribute", attribute_name="Tint").outputs["Color"]),
    "object_colour": lambda m: m.colour(m.node("ObjectInfo").outputs["Color"]),
    "mix": lambda m: m.colour(m.mix("MIX", 0.25, RED, DARK)),
    "mix_multiply": lambda m: m.colour(m.mix("MULTIPLY", 1.0, RED, DARK)),
    "gamma": lambda m: m.colour(m.node("Gamma", Color=DARK, Gamma=2.0).outputs[0]),
    "invert": lambda m: m.colour(m.node("Invert", Color=RED).outputs[0]),
    "hue": lambda m: m.colour(m.node("HueSaturation", Color=(0.8, 0.2, 0.2), Hue=0.5 + 1 / 3).outputs[0]),
    "brightness": lambda m: m.colour(m.node("BrightContrast", Color=DARK, Bright=0.1).outputs[0]),
    "ramp": lambda m: m.colour(m.node("ValToRGB", Fac=0.25).outputs[0]),
    "math": lambda m: m.colour(m.node("Math", operation="MULTIPLY").outputs[0]),
    "combine": lambda m: m.colour(m.node("CombineColor", Red=0.8, Green=0.05, Blue=0.02).outputs[0]),
    "diffuse": lambda m: out(m, m.shader("BsdfDiffuse", Color=RED)),
    "glossy": lambda m: out(m, m.shader("BsdfGlossy", Color=RED)),
    "glass": lambda m: out(m, m.shader("BsdfGlass", Color=RED)),
    "toon": lambda m: out(m, m.shader("BsdfToon", Color=RED)),
    "translucent": lambda m: out(m, m.shader("BsdfTranslucent", Color=RED)),
    "emission": lambda m: out(m, m.shader("Emission", Color=RED, Strength=0.5)),
    "mix_shader": lambda m: out(
        m, m.mixed(0.25, m.shader("BsdfDiffuse", Color=RED), m.shader("BsdfDiffuse", Color=DARK))
    ),
    "add_shader": lambda m: out(m, added(m)),
    "no_nodes": lambda m: without_nodes(m),
    "image": lambda m: m.colour(m.image().outputs[0]),
    "image_tinted": lambda m: m.colour(m.mix("MULTIPLY", 1.0, m.image().outputs[0], (0.5, 0.5, 0.5))),
    "image_mapped": lambda m: m.colour(m.image(Vector=turned(m)).outputs[0]),
    "image_second_map": lambda m: m.colour(m.image(Vector=m.node("UVMap", uv_map="Mirrored").outputs[0]).outputs[0]),
    "image_inverted": lambda m: m.colour(m.node("Invert", Color=m.image().outputs[0]).outputs[0]),
    "image_as_factor": lambda m: m.colour(m.mix("MIX", m.image().outputs["Alpha"], DARK, RED)),
    "image_alpha": lambda m: transparent_image(m),
    "alpha": lambda m: (m.colour(RED), m.give(m.principled.inputs["Alpha"], 0.25)),
    "transparent": lambda m: out(m, m.mixed(0.75, m.shader("BsdfDiffuse", Color=RED), m.shader("BsdfTransparent"))),
    "holdout": lambda m: out(m, m.shader("Holdout")),
    "checker": lambda m: m.colour(m.node("TexChecker").outputs[0]),
    "fresnel": lambda m: out(m, m.mixed(m.node("Fresnel").outputs[0], m.shader("BsdfDiffuse"), m.shader("BsdfGlossy"))),
    "generated_image": lambda m: m.colour(m.image(Vector=m.node("TexCoord").outputs["Generated"]).outputs[0]),
    "box_image": lambda m: m.colour(m.image(projection="BOX").outputs[0]),
    "image_gamma": lambda m: m.colour(m.node("Gamma", Color=m.image().outputs[0], Gamma=2.0).outputs[0]),
    "noise_alpha": lambda m: m.give(m.principled.inputs["Alpha"], m.node("TexNoise").outputs[0]),
}


def without_nodes(making: Making) -> None:
    making.material.use_nodes, making.material.diffuse_color = False, (*RED, 1.0)
    if making.material.use_nodes:  # From Blender 5.0 on there are no others.
        making.colour(RED)


def rerouted(making: Making) -> Any:
    node = making.tree.nodes.new("NodeReroute")
    making.give(node.inputs[0], making.rgb(RED))
    return node.outputs[0]


def added(making: Making) -> Any:
    node = making.node("AddShader")
    making.give(node.inputs[0], making.shader("BsdfDiffuse", Color=DARK))
    making.give(node.inputs[1], making.shader("Emission", Color=RED))
    return node.outputs[0]


def turned(making: Making) -> Any:
    node = making.node("Mapping")
    node.inputs["Vector"].default_value = (0.0, 0.0, 0.0)
    making.give(node.inputs["Vector"], making.node("TexCoord").outputs["UV"])
    node.inputs["Rotation"].default_value = (0.0, 0.0, math.pi)
    node.inputs["Location"].default_value = (1.0, 1.0, 0.0)
    return node.outputs[0]


def transparent_image(making: Making) -> None:
    node = making.image()
    making.colour(node.outputs["Color"])
    making.give(making.principled.inputs["Alpha"], node.outputs["Alpha"])


def build() -> bpy.types.Scene:
    """The square; its left half is the left half of its UV map. Its colour attribute and its colour are red."""
    scene = bpy.data.scenes.new("Square")
    bpy.context.window.scene = scene
    mesh = bpy.data.meshes.new("Square")
    mesh.from_pydata([(-1, 0, -1), (1, 0, -1), (1, 0, 1), (-1, 0, 1)], [], [(0, 1, 2, 3)])
    for name, sign in (("Plain", 1), ("Mirrored", -1)):
        layer = mesh.uv_layers.new(name=name)
        for corner, (u, v) in zip(layer.data, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
            corner.uv = (u if sign > 0 else 1 - u, v)
    tint = mesh.color_attributes.new("Tint", "FLOAT_COLOR", "POINT")
    tint.data.foreach_set("color", np.tile((*RED, 1.0), 4).astype(np.float32))
    square = put(scene, "Square", mesh, Place((0.0, 0.0, 0.0)))
    square.color = (*RED, 1.0)
    mesh.materials.append(None)
    pixels = np.array([(*LEFT, 1.0), (*RIGHT, ALPHA_RIGHT)] * 2, np.float32).reshape(2, 2, 4)
    image = bpy.data.images.new("Halves", 2, 2, alpha=True)
    image.colorspace_settings.name = "Non-Color"
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    camera(scene, "Eye", Place((0.0, -3.0, 0.0), (90.0, 0.0, 0.0)))
    scene.world = bpy.data.worlds.new("Sky")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (1.0, 1.0, 1.0, 1.0)
    return scene


def halves(image: Any) -> Any:
    """The colours in the middle of the left and of the right half."""
    return image[15, [8, 24]]


def main() -> None:
    pictures: Pictures = {}
    scene = build()
    square = scene.objects["Square"]
    cameras = Cameras(LoadedScene(scene), lambda seconds: {})

    def look(engine: str, name: str) -> Any:
        view = make_view(camera="Eye", width=32, height=32, passes=(name,), engine=engine)
        try:
            return halves(cameras.render(view)[name])
        except BlendgymError as error:
            return np.array(f"{type(error).__name__}: {error}")

    def show(material: bpy.types.Material) -> None:
        square.data.materials[0] = material
        cameras.scene_changed()

    for name in MATERIALS:
        show(make(name))
        pictures[f"{name} raster"] = look("raster", "rgb_linear")
        pictures[f"{name} workbench"] = look("workbench", "rgb")
        pictures[f"{name} ids"] = look("raster", "segmentation")
        cycles = make_view(camera="Eye", width=32, height=32, passes=("rgb_linear",), engine="cycles", samples=64)
        pictures[f"{name} cycles"] = halves(cameras.render(cycles)["rgb_linear"])
        seen = pictures[f"{name} raster"]
        if seen.dtype.kind == "f":
            show(plain(tuple(seen[0].tolist())))
            pictures[f"{name} reference"] = look("workbench", "rgb")
    store(pictures)


if __name__ == "__main__":
    main()
