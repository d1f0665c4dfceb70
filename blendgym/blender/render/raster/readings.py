"""How shaders read what differs over a surface: images and colour attributes."""

from __future__ import annotations

from typing import NamedTuple

from blendgym.blender.render.shader_nodes.terms import Term, Texture
from blendgym.images.colours import LUMINANCE

TERMS = ("albedo", "emission", "alpha")

BLOCK = "struct Surface { vec4 scales[3]; vec4 offsets[3]; vec4 rows[6]; };"
"""The numbers of a surface, term by term: two rows each from the UV map to the image."""

_CHANNELS = {
    "colour": "seen.rgb",
    "alpha": "vec3(seen.a)",
    "luminance": f"vec3(dot(seen.rgb, vec3{tuple(LUMINANCE.tolist())}))",
}

_PLACES = {
    "REPEAT": "place",
    "EXTEND": "clamp(place, 0.5 / size, 1.0 - 0.5 / size)",
    "CLIP": "place",
    "MIRROR": "1.0 - abs(mod(place, 2.0) - 1.0)",
}
"""Where an image is read that ends at its edges; what Blender has on the graphics stack repeats."""


class Reading(NamedTuple):
    """How a term is read. All of it is constant in a shader.

    Args:
        channel: ``colour``, ``alpha`` or ``luminance``.
        is_image: Whether of an image; otherwise of a colour attribute.
        extension: What is beyond the image, as Blender calls it.
        is_smooth: Whether there is something between pixels.
        is_faded: Whether the colour is multiplied by the image's alpha.
    """

    channel: str
    is_image: bool
    extension: str = ""
    is_smooth: bool = True
    is_faded: bool = False


Readings = tuple[Reading | None, ...]
"""Of albedo, emission and alpha; ``None`` for what is the same everywhere."""


def reading_of(term: Term) -> Reading | None:
    """How a term is read."""
    if term.source is None:
        return None
    of, channel = term.source
    if not isinstance(of, Texture):
        return Reading(channel, is_image=False)
    return Reading(channel, True, of.extension, of.is_smooth, of.is_faded)


def term_code(number: int, reading: Reading | None, in_detail: bool) -> str:
    """The function of a term, such as ``albedo_term()``.

    Args:
        number: Of the term, in ``TERMS``.
        reading: How it is read.
        in_detail: Whether an image is read as it is, instead of as it looks from afar.
    """
    body = f"return surface.offsets[{number}].rgb;"
    if reading:
        seen = _image_code(number, reading, in_detail) if reading.is_image else "vec4 seen = vertex_colour;"
        channel = _CHANNELS[reading.channel]
        body = f"{seen} return surface.scales[{number}].rgb * {channel} + surface.offsets[{number}].rgb;"
    return f"vec3 {TERMS[number]}_term() {{ {body} }}\n"


def _image_code(number: int, reading: Reading, in_detail: bool) -> str:
    image, row = f"{TERMS[number]}_image", 2 * number
    lines = [
        "vec3 at = vec3(texture_position, 1.0);",
        f"vec2 place = vec2(dot(surface.rows[{row}].xyz, at), dot(surface.rows[{row + 1}].xyz, at));",
        f"vec2 size = vec2(textureSize({image}, 0)), inside = {_PLACES[reading.extension]};",
    ]
    if not reading.is_smooth:
        lines.append("inside = (floor(inside * size) + 0.5) / size;")
    as_it_is = in_detail or not reading.is_smooth
    lines.append(f"vec4 seen = {f'textureLod({image}, inside, 0.0)' if as_it_is else f'texture({image}, inside)'};")
    if reading.extension == "CLIP":
        lines.append("seen *= float(all(equal(clamp(place, 0.0, 1.0), place)));")
    if reading.is_faded:
        lines.append("seen.rgb *= seen.a;")
    return " ".join(lines)
