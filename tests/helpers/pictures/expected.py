"""What the materials of ``materials.py`` look like, in the middle of the left and of the right half: by hand."""

from __future__ import annotations

Triple = tuple[float, float, float]

RED, DARK = (0.8, 0.05, 0.02), (0.1, 0.2, 0.4)
LEFT, RIGHT = (0.9, 0.1, 0.1), (0.1, 0.1, 0.9)
ALPHA_RIGHT = 0.2
"""Of the image, as numbers: no colour space bends them."""

_RED = (RED, RED)
_QUARTER = (0.25, 0.25, 0.25)
_HALF_SHADE = tuple(channel / 2 for channel in RED)
_MIXED = tuple(0.75 * red + 0.25 * dark for red, dark in zip(RED, DARK, strict=True))
_VEIL = tuple(0.25 * channel + 0.75 for channel in RED)

COLOURS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    **dict.fromkeys(("rgb", "reroute", "muted", "attribute", "attribute_node", "object_colour", "combine"), _RED),
    **dict.fromkeys(("diffuse", "glossy", "glass", "toon", "translucent", "no_nodes"), _RED),
    "group": (_HALF_SHADE, _HALF_SHADE),
    "emission": (_HALF_SHADE, _HALF_SHADE),
    "mix": (_MIXED, _MIXED),
    "mix_shader": (_MIXED, _MIXED),
    "mix_multiply": ((0.08, 0.01, 0.008),) * 2,
    "add_shader": ((0.9, 0.25, 0.42),) * 2,
    "gamma": ((0.01, 0.04, 0.16),) * 2,
    "invert": ((0.2, 0.95, 0.98),) * 2,
    "hue": ((0.2, 0.8, 0.2),) * 2,
    "brightness": ((0.2, 0.3, 0.5),) * 2,
    "ramp": (_QUARTER, _QUARTER),
    "math": (_QUARTER, _QUARTER),
    "image": (LEFT, RIGHT),
    "image_tinted": ((0.45, 0.05, 0.05), (0.05, 0.05, 0.45)),
    "image_mapped": (RIGHT, LEFT),
    "image_second_map": (RIGHT, LEFT),
    "image_inverted": ((0.1, 0.9, 0.9), (0.9, 0.9, 0.1)),
    "image_as_factor": (RED, (0.24, 0.17, 0.324)),
    "image_alpha": (LEFT, (0.82, 0.82, 0.98)),
    "alpha": (_VEIL, _VEIL),
    "transparent": (_VEIL, _VEIL),
    "holdout": ((0.0, 0.0, 0.0),) * 2,
}
"""Linear RGB of those that are matt."""

REFUSED = {
    "checker": "Checker Texture",
    "fresnel": "Fresnel",
    "generated_image": "Generated",
    "box_image": "BOX",
    "image_gamma": "Gamma",
    "noise_alpha": "Noise Texture",
}
"""What the errors about the others name beside the material."""

REFUSED_BY_WORKBENCH = (
    "attribute", "attribute_node", "image_tinted", "image_mapped", "image_second_map", "image_inverted",
    "image_as_factor", "image_alpha", "holdout",
)  # fmt: skip

UNSEEN = {"image_alpha": (1, 0), "alpha": (0, 0), "transparent": (0, 0), "holdout": (0, 0)}
"""Ids where annotations do not show the square everywhere."""
