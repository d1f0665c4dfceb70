"""The differences between the Blender versions that are supported, probed wherever a probe can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy
import gpu
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import RenderError

FORMER_COLOUR_SPACES = {"Linear Rec.709": "Linear"}
"""What colour spaces were called before 4.0."""

INDEX_PASSES = ("IndexOB", "Object Index")
"""What Cycles calls the pass of object indices: before 5.0, since."""


def make_gpu_context() -> None:
    """Makes sure that offscreen drawing has a GPU context, in a Blender without a window."""
    if hasattr(gpu, "init"):  # 5.2 and later
        gpu.init()
        return
    # Before 5.2 only a render makes the context ("GPU functions ... not available in background mode").
    scene = bpy.data.scenes.new("GPU context")
    scene.camera = bpy.data.objects.new("GPU context", bpy.data.cameras.new("GPU context"))
    scene.collection.objects.link(scene.camera)
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.render.resolution_x = scene.render.resolution_y = 4
    bpy.ops.render.render(scene=scene.name)
    camera = scene.camera
    bpy.data.scenes.remove(scene)
    bpy.data.batch_remove([camera, camera.data])


def animated_paths(owner: Any) -> Iterator[str]:
    """The paths of all properties of a thing that have keys or drivers."""
    animation = owner.animation_data
    if animation is None:
        return
    yield from (curve.data_path for curve in animation.drivers)
    actions = [animation.action, *(strip.action for track in animation.nla_tracks for strip in track.strips)]
    for action in filter(None, actions):
        yield from (curve.data_path for curve in curves_of(action))


def curves_of(action: Any) -> Iterator[Any]:
    """The F-curves of an action."""
    if hasattr(action, "fcurves"):  # before 5.0
        yield from action.fcurves
        return
    bags = (bag for layer in action.layers for strip in layer.strips for bag in strip.channelbags)
    yield from (curve for bag in bags for curve in bag.fcurves)


def panorama(camera: Any) -> Any:
    """What has the properties of a camera's panorama."""
    return camera if hasattr(camera, "panorama_type") else camera.cycles  # Cycles' before 4.5


def corner_normals(mesh: Any) -> NDArray[np.float32]:
    """The normals of a mesh at the corners of its faces: (corners, 3), in the object's frame."""
    normals = np.empty(3 * len(mesh.loops), np.float32)
    if hasattr(mesh, "corner_normals"):  # 4.1 and later; calc_normals_split() is gone there.
        mesh.corner_normals.foreach_get("vector", normals)
    else:
        mesh.calc_normals_split()
        mesh.loops.foreach_get("normal", normals)
    return normals.reshape(-1, 3)


def corner_uvs(mesh: Any, name: str) -> NDArray[np.float32]:
    """A UV map of a mesh at the corners of its faces: (corners, 2); zeros where there is none.

    Args:
        mesh: The mesh.
        name: ``""`` for the one that is active in renders.
    """
    uvs = np.zeros(2 * len(mesh.loops), np.float32)
    layer = next((each for each in mesh.uv_layers if (each.name == name if name else each.active_render)), None)
    if layer is not None and hasattr(layer, "uv"):  # 3.5 and later
        layer.uv.foreach_get("vector", uvs)
    elif layer is not None:
        layer.data.foreach_get("uv", uvs)
    return uvs.reshape(-1, 2)


def corner_colours(mesh: Any, name: str | None) -> NDArray[np.float32]:
    """A colour attribute of a mesh at the corners of its faces: (corners, 4), linear; zeros where there is none.

    Args:
        mesh: The mesh.
        name: ``""`` for the one that is active in renders, ``None`` for none.
    """
    attributes = mesh.color_attributes
    number = attributes.render_color_index if name == "" else attributes.find(name or "")
    if name is None or not 0 <= number < len(attributes):
        return np.zeros((len(mesh.loops), 4), np.float32)
    attribute = attributes[number]
    colours = np.empty(4 * len(attribute.data), np.float32)
    attribute.data.foreach_get("color", colours)
    colours = colours.reshape(-1, 4)
    if attribute.domain == "CORNER":
        return colours
    vertex_of_corner = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", vertex_of_corner)
    return np.asarray(colours[vertex_of_corner])


def displacement_method(material: Any) -> str:
    """Whether a material's displacement moves surfaces: of the material, before 4.1 of its settings for Cycles."""
    return str((material if hasattr(material, "displacement_method") else material.cycles).displacement_method)


def eevee_identifier(scene: Any) -> str:
    """What EEVEE is called here.

    Raises:
        RenderError: If this Blender has none.
    """
    # 5.0 and later, and before 4.2; 4.2 to 4.5. The enum lists what is drawn, not what can be assigned.
    for name in ("BLENDER_EEVEE_NEXT", "BLENDER_EEVEE"):
        before = scene.render.engine
        try:
            scene.render.engine = name
        except TypeError:
            continue
        scene.render.engine = before
        return name
    raise RenderError("This Blender has no EEVEE; raster and cycles render the scene's own lights, too.")


def emission_input(shader: Any) -> Any:
    """The socket of a Principled BSDF that takes the colour of its emission."""
    return next(shader.inputs[name] for name in ("Emission Color", "Emission") if name in shader.inputs)  # 4.0, before


def physical_sky(nodes: Any) -> Any:
    """Adds the most realistic sky texture that there is."""
    sky = nodes.new("ShaderNodeTexSky")
    # 5.0 and later, before. The azimuth of the sun is the same; the newer sky is brighter towards the horizon.
    for kind in ("MULTIPLE_SCATTERING", "NISHITA"):
        try:
            sky.sky_type = kind
        except TypeError:
            continue
        break
    return sky


def set_colour_space(image: Any, name: str) -> None:
    """Says how the colours of an image are to be read, by the name that the colour space has now."""
    settings = image.colorspace_settings
    try:
        settings.name = name
    except TypeError:  # 4.0 renamed "Linear"; before, "Linear Rec.709" is not found in the enum.
        settings.name = FORMER_COLOUR_SPACES[name]


def light_linking(light: Any) -> tuple[Any, ...]:
    """The collections that a light shines on, and that cast shadows in it; none before 4.0."""
    linking = getattr(light, "light_linking", None)
    return (linking.receiver_collection, linking.blocker_collection) if linking else ()


def casts_shadows(light: Any) -> bool:
    """Whether what is in the way of a light darkens: a setting of the light, before 4.4 one of Cycles."""
    of_cycles = getattr(light, "cycles", None)
    return bool(getattr(of_cycles, "cast_shadow", light.use_shadow))


def motion_blur_settings(scene: Any) -> Any:
    """Where it is set when the shutter opens: the render settings, before 4.2 those of Cycles."""
    return scene.render if hasattr(scene.render, "motion_blur_position") else scene.cycles


def turn_on_eevee_shadows(scene: Any) -> None:
    """A scene that a script makes has none (4.2 and later; before, they were always on)."""
    if hasattr(scene.eevee, "use_shadows"):
        scene.eevee.use_shadows = True
