"""What Workbench draws: colours in the viewport, set to what materials are."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from blendgym.blender.looks.textures import hide_image, texture_of
from blendgym.blender.render.instances import HOLDOUT, Instances
from blendgym.blender.render.shader_nodes.surfaces import Surface, Surfaces, has_nodes
from blendgym.blender.render.shader_nodes.terms import Source, Term, Texture
from blendgym.blender.render.shot import apply
from blendgym.errors import RenderError

_IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


def show_materials(instances: Instances, surfaces: Surfaces) -> bool:
    """Gives all materials in sight the colour in the viewport that they have in renders, or their image.

    Args:
        instances: What is seen.
        surfaces: What it looks like.

    Returns:
        Whether there are images.

    Raises:
        RenderError: If a material has something that Workbench cannot draw.
    """
    shown: dict[bpy.types.Material, Surface] = {}
    for instance in instances.visible():
        if instance.id == HOLDOUT:
            continue
        for slot, surface in zip(instance.object.material_slots, surfaces.of_slots(instance.object), strict=False):
            if slot.material is None:
                continue
            material = slot.material.original
            if shown.setdefault(material, surface) is not surface and surface.colours != shown[material].colours:
                raise _cannot(material, "has the colours of several objects")
    have_images = [_show(material, surface) for material, surface in shown.items()]
    return any(have_images)


def _show(material: bpy.types.Material, surface: Surface) -> bool:
    """Whether it has an image now."""
    (albedo, emission), alpha = surface.colours, surface.alpha
    if surface.is_hole:
        raise _cannot(material, "is a holdout")
    if not (emission.is_constant and alpha.is_constant):
        raise _cannot(material, "has an image or attribute for its emission or alpha")
    if albedo.source is None or has_made_texture(material):
        seen = (albedo.scale if albedo.source else albedo.offset) + emission.offset
        colour = (*seen.tolist(), float(alpha.offset[0]))
        if not np.allclose(colour, material.diffuse_color, atol=1e-6):
            material.diffuse_color = colour
        if has_nodes(material):
            hide_image(material)
        return False
    if emission.offset.any() or alpha.offset[0] != 1.0:
        raise _cannot(material, "has an image with emission or alpha")
    node = _node_as_it_is(albedo, albedo.source, material)
    apply([(material.node_tree.nodes, {"active": node})])
    return True


def has_made_texture(material: bpy.types.Material) -> bool:
    """Whether a parameter has given it a texture, which Workbench does not show."""
    return has_nodes(material) and texture_of(material) > 0


def _node_as_it_is(albedo: Term, source: Source, material: bpy.types.Material) -> Any:
    """The node of an image that is neither tinted nor moved."""
    of = source.of
    if not isinstance(of, Texture):
        raise _cannot(material, f"has colour attribute {of.name!r}")
    node = material.node_tree.nodes.get(of.node.name)
    plain = source.channel == "colour" and np.all(albedo.scale == 1.0) and not albedo.offset.any() and not of.is_faded
    if not plain or of.rows != _IDENTITY or of.uv_map or of.extension != "REPEAT" or node is None:
        raise _cannot(material, f"tints, moves, repeats or groups image {of.image.name!r}")
    return node


def _cannot(material: bpy.types.Material, what: str) -> RenderError:
    return RenderError(
        f"Material {material.name!r} {what}, which engine 'workbench' cannot show; raster, eevee and cycles can."
    )
