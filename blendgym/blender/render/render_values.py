"""One value where Blender has two: what is set for viewports becomes what is set for renders.

A modifier has levels for both, particles have counts, curves have resolutions. Cycles takes those of renders; all other
engines, boxes and annotations come from what is evaluated for a viewport.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.physics.shapes import vertices
from blendgym.blender.render.visibility import objects_of
from blendgym.blender.scenes import LoadedScene

Pairs = tuple[tuple[str, str], ...]
"""Names of properties: for viewports, and for renders."""

SWITCHES: Pairs = (("hide_viewport", "hide_render"), ("show_viewport", "show_render"))
OF_MODIFIERS: dict[str, Pairs] = {
    "SUBSURF": (("levels", "render_levels"),),
    "MULTIRES": (("levels", "render_levels"),),
    "SCREW": (("steps", "render_steps"),),
    "OCEAN": (("viewport_resolution", "resolution"),),
}
OF_METABALLS: Pairs = (("resolution", "render_resolution"),)
OF_CURVES: Pairs = (("resolution_u", "render_resolution_u"), ("resolution_v", "render_resolution_v"))
OF_PARTICLES: Pairs = (("display_step", "render_step"), ("child_percent", "rendered_child_count"))
OF_SIMPLIFICATION: Pairs = (
    ("simplify_subdivision", "simplify_subdivision_render"),
    ("simplify_child_particles", "simplify_child_particles_render"),
)
_ALL = (*SWITCHES, *OF_METABALLS, *OF_CURVES, *OF_PARTICLES, *(pair for each in OF_MODIFIERS.values() for pair in each))
_NAMES = {name for pair in _ALL for name in pair} - {"resolution"}

_REFINING = ("SUBSURF", "MULTIRES")
_HULLS = ("CONVEX_HULL", "MESH")


class Change(NamedTuple):
    """A property for viewports that is not as that for renders.

    Args:
        owner: Whose property it is.
        name: Its name.
        value: What it has to be.
    """

    owner: Any
    name: str
    value: Any


def show_render_values(loaded: LoadedScene) -> list[str]:
    """Gives viewports the values of renders.

    Args:
        loaded: The scene.

    Returns:
        Why pictures of it would not be the same in all engines: a body would collide in another shape, one of two such
        values is animated, or a material moves surfaces. That is left as it was.
    """
    _apply(_differing(loaded.scene.render, OF_SIMPLIFICATION))
    for tree in bpy.data.node_groups:
        _deny_being_viewport(tree)
    faults = [fault for obj in objects_of(loaded) for fault in _show_render_values_of(obj, loaded)]
    return [*faults, *(_displacement(name) for name, each in loaded.materials.items() if _displaces(each))]


def _show_render_values_of(obj: bpy.types.Object, loaded: LoadedScene) -> Iterator[str]:
    faults = [*_animated(obj, loaded)]
    if faults:
        yield from faults
        return
    changes = list(_changes(obj))
    if not changes:
        return
    before = [Change(owner, name, getattr(owner, name)) for owner, name, _ in changes]
    if obj.rigid_body and _collides_otherwise(obj, loaded, changes):
        _apply(before)
        differences = (
            f"{name} of {owner.name!r} is {getattr(owner, name)} and {value}" for owner, name, value in changes
        )
        yield (
            f"Body {loaded.name_of(obj)!r} would be seen in another shape than it collides in: its modifiers differ "
            f"between viewports, by which physics goes, and renders ({', '.join(differences)}). Give both the same "
            "values in Blender."
        )
        return
    _apply(changes)


def _displaces(material: bpy.types.Material) -> bool:
    """Whether a material moves surfaces, in the engines that know how."""
    method = compat.displacement_method(material)
    output = material.node_tree.get_output_node("ALL") if material.node_tree else None
    return method != "BUMP" and output is not None and output.inputs["Displacement"].is_linked


def _displacement(name: str) -> str:
    return (
        f"Material {name!r} displaces surfaces, which only cycles and eevee can show. Set Material > Settings > "
        "Displacement to 'Bump Only' in Blender, or use a Displace modifier."
    )


def _apply(changes: Iterable[Change]) -> None:
    for owner, name, value in changes:
        setattr(owner, name, value)


def _differing(owner: Any, pairs: Pairs) -> Iterator[Change]:
    for viewport, render in pairs:
        value = getattr(owner, render)
        if getattr(owner, viewport) != value:
            yield Change(owner, viewport, value)


def _changes(obj: bpy.types.Object) -> Iterator[Change]:
    for modifier in obj.modifiers:
        yield from _differing(modifier, (("show_viewport", "show_render"), *OF_MODIFIERS.get(modifier.type, ())))
        if getattr(modifier, "use_adaptive_subdivision", False):  # From Blender 5.0 on; before, it is experimental.
            yield Change(modifier, "use_adaptive_subdivision", False)
    for system in obj.particle_systems:
        yield from _differing(system.settings, OF_PARTICLES)
        drawn = (("display_percentage", 100), ("display_method", "RENDER"))
        yield from (Change(system.settings, *each) for each in drawn if getattr(system.settings, each[0]) != each[1])
    if obj.type == "META":
        yield from _differing(obj.data, OF_METABALLS)
    if obj.type in ("CURVE", "SURFACE", "FONT"):
        # 0 stands for the same as in viewports.
        yield from _differing(obj.data, tuple(pair for pair in OF_CURVES if getattr(obj.data, pair[1])))


def _deny_being_viewport(tree: bpy.types.NodeTree) -> None:
    """Geometry nodes that ask whether they are evaluated for a viewport hear no."""
    asking = [node for node in tree.nodes if node.bl_idname == "GeometryNodeIsViewport"]
    for link in [link for node in asking for link in node.outputs[0].links]:
        tree.links.new(tree.nodes.new("FunctionNodeInputBool").outputs[0], link.to_socket)


def _collides_otherwise(obj: bpy.types.Object, loaded: LoadedScene, changes: list[Change]) -> bool:
    """Makes changes, and says whether they have changed the collision shape, which physics takes from viewports."""
    body = obj.rigid_body
    is_hull = body.collision_shape in _HULLS
    if is_hull and body.mesh_source == "BASE":
        return False
    if is_hull and body.mesh_source == "DEFORM" and all(_refines(change) for change in changes):
        return False
    before = _extent(obj, loaded, is_hull)
    _apply(changes)
    after = _extent(obj, loaded, is_hull)
    return before.shape != after.shape or not np.allclose(before, after, rtol=0, atol=1e-6)


def _refines(change: Change) -> bool:
    return isinstance(change.owner, bpy.types.Modifier) and change.owner.type in _REFINING


def _extent(obj: bpy.types.Object, loaded: LoadedScene, whole: bool) -> NDArray[np.float32]:
    """What a collision shape is made of: all vertices, or their bounds."""
    mesh = loaded.evaluated(obj).data
    points: NDArray[np.float32] = vertices(mesh)
    if whole or not len(points):
        return points
    return np.stack([points.min(axis=0), points.max(axis=0)])


def _animated(obj: bpy.types.Object, loaded: LoadedScene) -> Iterator[str]:
    owners = [obj, obj.data, *(system.settings for system in obj.particle_systems)]
    paths = (path for owner in owners if owner is not None for path in compat.animated_paths(owner))
    for path in paths:
        if path.rpartition(".")[2] in _NAMES:
            yield (
                f"Object {loaded.name_of(obj)!r} has keys or a driver for {path}, of which viewports and renders have "
                "one each. Remove them in Blender; a task may show and hide it by hide_render."
            )
