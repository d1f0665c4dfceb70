"""Changing what a scene looks like: other surroundings, other surfaces, and back to how it was built."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy

from blendgym.blender import compat
from blendgym.blender.looks.scenery import Scenery
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import AssetError, InvalidOption
from blendgym.images.appearance import Appearance, Lighting, Sky, Surface, check_appearance
from blendgym.names import missing

SKY_SCALE = 0.05
"""Blender's sky is as bright as the real one, for which a scene's materials would have to be exposed."""

LIGHT_MAP_PIXELS = 1024

_UNCHANGED = Appearance()


class _Outfit:
    """What was made for an appearance, and goes with it.

    Attributes:
        materials: By the name of the scene's own that they replace.
        world: The surroundings, if they are others than the scene's own.
    """

    def __init__(self) -> None:
        self.materials: dict[str, bpy.types.Material] = {}
        self.world: bpy.types.World | None = None

    def discard(self) -> None:
        """Removes it from Blender: an episode's appearance may never come again."""
        bpy.data.batch_remove([*self.materials.values(), *([self.world] if self.world else [])])
        bpy.data.batch_remove([image for image in bpy.data.images if image.source == "FILE" and not image.users])


class Wardrobe:
    """Puts appearances on a scene and takes them off again.

    Args:
        loaded: The scene, as it was built.
        scenery: What parameters change of it.
    """

    def __init__(self, loaded: LoadedScene, scenery: Scenery) -> None:
        scene = self._scene = loaded.scene
        self._scenery = scenery
        self._materials = loaded.materials
        self._worn, self._outfit = _UNCHANGED, _Outfit()
        self._own_world = scene.world
        names = {material: name for name, material in loaded.materials.items()}
        slots = [slot for slot in loaded.material_slots() if slot.material]
        self._own_materials = [(slot, slot.material, names[slot.material]) for slot in slots]

    def apply(self, appearance: Appearance | None) -> None:
        """Makes the scene look like this, whatever it looked like before.

        Args:
            appearance: ``None`` for how it was built.

        Raises:
            InvalidOption: If the scene has no such material.
            AssetError: If an image is missing or unreadable. The scene looks as before then.
        """
        wanted = appearance or _UNCHANGED
        if wanted == self._worn:
            return
        check_appearance(wanted)
        # Everything that can fail comes before anything is changed.
        outfit = self._make(wanted)
        for slot, own, name in self._own_materials:
            slot.material = outfit.materials.get(name, own)
        self._scene.world = outfit.world or self._own_world
        self._scenery.dim(wanted.lighting.lights if wanted.lighting else 1.0)
        self._outfit.discard()
        self._worn, self._outfit = wanted, outfit

    def _make(self, appearance: Appearance) -> _Outfit:
        outfit = _Outfit()
        try:
            for name, surface in appearance.surfaces.items():
                outfit.materials[name] = self._dressed(_named(self._materials, name), name, surface)
            if appearance.lighting and appearance.lighting.surrounds:
                outfit.world = _surroundings(appearance.lighting)
        except BaseException:
            outfit.discard()
            raise
        return outfit

    def _dressed(self, own: bpy.types.Material, name: str, surface: Surface) -> bpy.types.Material:
        """A new material: a copy of the scene's own, as it was built, with another surface."""
        images = {
            role: load_image(file, "sRGB" if role == "colour_image" else "Non-Color")
            for role in ("colour_image", "roughness_image", "metallic_image", "normal_image")
            if (file := getattr(surface, role)) is not None
        }
        made = own.copy()
        self._scenery.restore_on(made, name)
        if surface.colour is not None:
            made.diffuse_color = (*surface.colour, 1.0)
        if not made.use_nodes:
            made.use_nodes = True
        tree = made.node_tree
        shader = next((node for node in tree.nodes if node.type == "BSDF_PRINCIPLED"), None)
        if shader is None:
            shader = tree.nodes.new("ShaderNodeBsdfPrincipled")
            tree.links.new(shader.outputs[0], tree.get_output_node("ALL").inputs["Surface"])
        _set(shader.inputs["Base Color"], surface.colour)
        _set(shader.inputs["Roughness"], surface.roughness)
        _set(shader.inputs["Metallic"], surface.metallic)
        if surface.emission is not None:
            _set(compat.emission_input(shader), surface.emission)
            _set(shader.inputs["Emission Strength"], 1.0)
        _connect_images(tree, shader, images, surface.size)
        return made


def _named(materials: Mapping[str, bpy.types.Material], name: str) -> bpy.types.Material:
    if name in materials:
        return materials[name]
    raise InvalidOption(missing("material", name, sorted(materials)))


def load_image(file: str, colour_space: str) -> bpy.types.Image:
    """An image from a file, read whole.

    Args:
        file: Path, relative to the server's working directory, which is the trainer's.
        colour_space: Blender's name, such as ``"sRGB"`` or ``"Non-Color"``.

    Raises:
        AssetError: If there is no such file, or Blender cannot read it.
    """
    path = Path(file).absolute()
    if not path.is_file():
        raise AssetError(f"Image file {file!r} does not exist (looked for {path}).")
    image = bpy.data.images.load(str(path))
    if 0 in image.size:  # Blender makes an empty image of a file that it cannot read.
        bpy.data.images.remove(image)
        raise AssetError(f"Image file {str(path)!r} cannot be read by Blender: it is damaged, or no image.")
    compat.set_colour_space(image, colour_space)
    return image


def _connect_images(tree: Any, shader: Any, images: dict[str, bpy.types.Image], size: float) -> None:
    if not images:
        return
    mapping = tree.nodes.new("ShaderNodeMapping")
    mapping.inputs["Scale"].default_value = (1.0 / size,) * 3
    tree.links.new(tree.nodes.new("ShaderNodeTexCoord").outputs["UV"], mapping.inputs["Vector"])
    sockets = {"colour_image": "Base Color", "roughness_image": "Roughness", "metallic_image": "Metallic"}
    for name, image in images.items():
        texture = tree.nodes.new("ShaderNodeTexImage")
        texture.image = image
        tree.links.new(mapping.outputs["Vector"], texture.inputs["Vector"])
        if name in sockets:
            tree.links.new(texture.outputs["Color"], shader.inputs[sockets[name]])
            continue
        bump = tree.nodes.new("ShaderNodeNormalMap")
        tree.links.new(texture.outputs["Color"], bump.inputs["Color"])
        tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])


def _surroundings(lighting: Lighting) -> bpy.types.World:
    image = load_image(lighting.hdri, "Linear Rec.709") if lighting.hdri else None
    world = bpy.data.worlds.new("Surroundings")
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    background = next(node for node in nodes if node.type == "BACKGROUND")
    # Left to itself, Cycles builds a map of the light anew for every frame, for seconds (4.5).
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", LIGHT_MAP_PIXELS
    scale = 1.0 if lighting.sky is None else SKY_SCALE
    background.inputs["Strength"].default_value = lighting.strength * scale
    if lighting.colour is not None:
        _set(background.inputs["Color"], lighting.colour)
        world.color = lighting.colour
        return world
    source = _sky(nodes, lighting) if image is None else _environment(nodes, links, image, lighting.rotation)
    links.new(source.outputs["Color"], background.inputs["Color"])
    return world


def _sky(nodes: Any, lighting: Lighting) -> Any:
    sky, source = lighting.sky or Sky(), compat.physical_sky(nodes)
    source.sun_elevation, source.sun_rotation = sky.sun_elevation, sky.sun_rotation + lighting.rotation
    return source


def _environment(nodes: Any, links: Any, image: bpy.types.Image, rotation: float) -> Any:
    source, mapping = nodes.new("ShaderNodeTexEnvironment"), nodes.new("ShaderNodeMapping")
    source.image = image
    mapping.inputs["Rotation"].default_value = (0.0, 0.0, rotation)
    links.new(nodes.new("ShaderNodeTexCoord").outputs["Generated"], mapping.inputs["Vector"])
    links.new(mapping.outputs["Vector"], source.inputs["Vector"])
    return source


def _set(socket: Any, value: Any) -> None:
    if value is None:
        return
    for link in list(socket.links):
        socket.id_data.links.remove(link)
    socket.default_value = (*value, 1.0) if isinstance(value, tuple) else value
