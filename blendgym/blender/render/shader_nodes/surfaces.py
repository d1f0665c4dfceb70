"""What materials look like where everything is matt: a colour, a light of its own, and an alpha."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

import bpy
import numpy as np

from blendgym.blender import compat
from blendgym.blender.render.shader_nodes.nodes import Nodes
from blendgym.blender.render.shader_nodes.terms import (
    Attribute,
    NotMatt,
    Term,
    Texture,
    complement,
    constant,
    mixture,
    product,
    total,
)
from blendgym.errors import RenderError

CUTOFF = 0.5
"""Annotations show what has at least this alpha in the middle of a pixel, and nothing of what has less."""

_NONE, _ALL = constant(0.0), constant(1.0)
_COLOUR_OF_NOTHING = (0.8, 0.8, 0.8)
_BY_COLOUR = (
    "BSDF_DIFFUSE", "BSDF_GLOSSY", "BSDF_ANISOTROPIC", "BSDF_GLASS", "BSDF_REFRACTION", "BSDF_TRANSLUCENT", "BSDF_TOON",
    "BSDF_SHEEN", "BSDF_VELVET", "BSDF_HAIR", "SUBSURFACE_SCATTERING",
)  # fmt: skip
_BY_BASE_COLOUR = ("BSDF_METALLIC", "EEVEE_SPECULAR")


class Colours(NamedTuple):
    """What a shader reflects and what it emits.

    Args:
        albedo: Share of the light that comes back, in all directions alike.
        emission: Radiance.
    """

    albedo: Term
    emission: Term


class Surface:
    """A material on an object.

    Args:
        material: ``None`` for Blender's grey.
        object_colour: Linear RGBA.
    """

    def __init__(self, material: bpy.types.Material | None, object_colour: Sequence[float]) -> None:
        self._material = material
        self._nodes = Nodes(object_colour)

    @cached_property
    def colours(self) -> Colours:
        """Albedo and emission.

        Raises:
            RenderError: If they cannot be told without shading; the message says which engines shade.
        """
        if self._material is None:
            return Colours(constant(_COLOUR_OF_NOTHING), _NONE)
        if not has_nodes(self._material):
            return Colours(constant(tuple(self._material.diffuse_color)), _NONE)
        try:
            return self._colours_at(self._surface_socket)
        except NotMatt as fault:
            raise RenderError(
                f"Material {self._material.name!r} {fault}, which engines 'raster' and 'workbench' cannot show: they "
                "take one image or colour attribute, brightened or tinted. eevee and cycles render it; or bake it."
            ) from None

    @cached_property
    def alpha(self) -> Term:
        """Share of the light from behind that it keeps back; a number.

        Raises:
            RenderError: If it cannot be told without shading.
        """
        if self._material is None or not has_nodes(self._material):
            return _ALL
        try:
            return self._alpha_at(self._surface_socket)
        except NotMatt as fault:
            raise RenderError(
                f"The transparency of material {self._material.name!r} {fault}, so that no engine can say what is seen "
                "in a pixel. Give it a number, or the alpha or brightness of one image."
            ) from None

    @cached_property
    def is_hole(self) -> bool:
        """Whether it hides what is behind, and shows nothing: a Holdout shader."""
        if self._material is None or not has_nodes(self._material):
            return False
        return self._is_hole_at(self._surface_socket)

    @cached_property
    def is_solid(self) -> bool:
        """Whether nothing shines through anywhere."""
        return self.alpha.is_constant and bool(self.alpha.offset[0] >= 1.0)

    @cached_property
    def is_invisible(self) -> bool:
        """Whether annotations show nothing of it."""
        return self.alpha.is_constant and bool(self.alpha.offset[0] < CUTOFF)

    @cached_property
    def uv_map(self) -> str:
        """Name of the UV map of its images, ``""`` for the active one.

        Raises:
            RenderError: If there are several.
        """
        return self._one({source.uv_map for source in self._sources() if isinstance(source, Texture)}, "UV map") or ""

    @cached_property
    def colour_attribute(self) -> str | None:
        """Name of its colour attribute, ``""`` for the active one, ``None`` if it has none.

        Raises:
            RenderError: If there are several.
        """
        return self._one({source.name for source in self._sources() if isinstance(source, Attribute)}, "attribute")

    def _one(self, names: set[str], kind: str) -> str | None:
        if len(names) > 1 and self._material:
            raise RenderError(
                f"Material {self._material.name!r} takes more than one {kind} ({', '.join(sorted(names))}); everything "
                "but the colours of eevee and cycles needs one for all of its images."
            )
        return next(iter(names), None)

    def _sources(self) -> list[Texture | Attribute]:
        terms = [self.alpha]
        with suppress(RenderError):  # Whoever shows colours says so.
            terms += self.colours
        return [term.source.of for term in terms if term.source]

    @property
    def _surface_socket(self) -> Any:
        output = self._material.node_tree.get_output_node("CYCLES") if self._material else None
        return output.inputs["Surface"] if output else None

    def _shader(self, socket: Any, read: Callable[[Any], Any], nothing: Any) -> Any:
        output = self._nodes.source(socket) if socket else None
        if output is None:
            return nothing
        return self._nodes.within(output, lambda inner: self._shader(inner, read, nothing), lambda end: read(end.node))

    def _colours_at(self, socket: Any) -> Colours:
        return self._shader(socket, self._colours_of, Colours(_NONE, _NONE))

    def _alpha_at(self, socket: Any) -> Term:
        return self._shader(socket, self._alpha_of, _ALL)

    def _is_hole_at(self, socket: Any) -> bool:
        return self._shader(socket, lambda node: node.type == "HOLDOUT", False)

    def _colours_of(self, node: Any) -> Colours:
        term = self._nodes.term
        if node.type == "BSDF_PRINCIPLED":
            emission = product(term(compat.emission_input(node)), term(node.inputs["Emission Strength"]))
            return Colours(term(node.inputs["Base Color"]), emission)
        if node.type in _BY_COLOUR:
            return Colours(term(node.inputs["Color"]), _NONE)
        if node.type in _BY_BASE_COLOUR:
            return Colours(term(node.inputs["Base Color"]), _NONE)
        if node.type == "EMISSION":
            return Colours(_NONE, product(term(node.inputs["Color"]), term(node.inputs["Strength"])))
        if node.type in ("BSDF_TRANSPARENT", "HOLDOUT"):
            return Colours(_NONE, _NONE)
        if node.type in ("MIX_SHADER", "ADD_SHADER"):
            return self._joined_colours(node)
        raise NotMatt(f"uses node {node.name!r} ({node.bl_label})")

    def _joined_colours(self, node: Any) -> Colours:
        one, other = node.inputs[-2:]
        opacities = self._alpha_at(one), self._alpha_at(other)
        for shown, opacity in ((other, opacities[0]), (one, opacities[1])):
            if opacity.is_everywhere(0.0):
                return self._colours_at(shown)
        pairs = zip(self._colours_at(one), self._colours_at(other), strict=True)
        if not all(opacity.is_constant for opacity in opacities):
            raise NotMatt(f"mixes what shines through in node {node.name!r}")
        if node.type == "ADD_SHADER":
            return Colours(*(total(first, second) for first, second in pairs))
        factor = self._nodes.number(node.inputs[0])
        if not np.all(opacities[0].offset == opacities[1].offset):
            kept, added = opacities[0].offset[0], opacities[1].offset[0]
            share = added * factor.offset
            factor = Term(share / (share + kept * (1.0 - factor.offset)))
        return Colours(*(mixture(factor, first, second) for first, second in pairs))

    def _alpha_of(self, node: Any) -> Term:
        if node.type == "BSDF_PRINCIPLED":
            return self._nodes.number(node.inputs["Alpha"])
        if node.type == "BSDF_TRANSPARENT":
            return complement(self._nodes.number(node.inputs["Color"]))
        if node.type not in ("MIX_SHADER", "ADD_SHADER"):
            return _ALL
        opacities = [self._alpha_at(socket) for socket in node.inputs[-2:]]
        if all(opacity.is_everywhere(1.0) for opacity in opacities):
            return _ALL
        if node.type == "ADD_SHADER":
            raise NotMatt(f"adds what shines through in node {node.name!r}")
        return mixture(self._nodes.number(node.inputs[0]), *opacities)


class Surfaces:
    """The surfaces of a scene, read when they are first drawn."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, tuple[float, ...]], Surface] = {}

    def of_slots(self, obj: bpy.types.Object) -> tuple[Surface, ...]:
        """What the materials of an object look like; at least one."""
        colour = tuple(obj.color)
        surfaces = tuple(self._of(slot.material, colour) for slot in obj.material_slots)
        return surfaces or (self._of(None, colour),)

    def _of(self, material: bpy.types.Material | None, object_colour: tuple[float, ...]) -> Surface:
        key = (material.name_full if material else "", object_colour)
        if key not in self._known:
            self._known[key] = Surface(material, object_colour)
        return self._known[key]

    def forget(self) -> None:
        """Materials may be others than before."""
        self._known.clear()


def has_nodes(material: bpy.types.Material) -> bool:
    """Whether a material is made of nodes."""
    return bool(material.use_nodes and material.node_tree)
