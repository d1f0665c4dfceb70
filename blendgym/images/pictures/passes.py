"""A picture of every pass of a capture, with a legend."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from blendgym.images.captures import Capture, SeenObject
from blendgym.images.colours import encoded_as_srgb
from blendgym.images.passes import PASSES
from blendgym.images.pictures.layout import (
    CARD,
    FAINT,
    GAP,
    INK,
    MARGIN,
    NOTHING,
    TEXT,
    Entry,
    Picture,
    chip,
    colour_of,
    legend,
    letters,
    scaled,
    zoom_for,
)

RAMP = (
    (27, 21, 72), (32, 44, 111), (21, 71, 150), (0, 107, 159), (1, 140, 164),
    (2, 174, 164), (64, 208, 137), (170, 228, 105), (255, 240, 84),
)  # fmt: skip
"""From far to near: even steps of OKLCH's lightness, from dark blue over teal to yellow."""

DIRECTIONS = {"right": (1, 0, 0), "up": (0, -1, 0), "towards the camera": (0, 0, -1)}
"""In the camera's frame (x right, y down, z forward)."""


class Painted(NamedTuple):
    """What a painter makes of a pass.

    Args:
        image: RGB, with one pixel for each of the capture's.
        legend: A strip that goes below it.
    """

    image: Image.Image
    legend: Image.Image


def picture_of(name: str, capture: Capture) -> Picture:
    """The picture of one pass of a capture."""
    image, strip = PAINTERS[PASSES[name].painter](capture.images[name], capture)
    return Picture(name, PASSES[name].title, image, strip)


def ramp(values: ArrayLike) -> NDArray[np.uint8]:
    """Colours (..., 3) of values (...) from 0 (far) to 1 (near)."""
    anchors = np.linspace(0.0, 1.0, len(RAMP))
    channels = [np.interp(np.asarray(values, float), anchors, channel) for channel in zip(*RAMP, strict=True)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def normal_colours(normals: NDArray[Any]) -> NDArray[np.uint8]:
    """Colours of normals (..., 3) as is usual: red points right, green up, blue towards the camera."""
    colours = (normals * (1.0, -1.0, -1.0) + 1.0) / 2.0 * 255.0
    nothing = ~np.any(normals, axis=-1, keepdims=True)
    return np.where(nothing, np.array(NOTHING, np.uint8), colours.round().astype(np.uint8))


def legend_width(capture: Capture) -> int:
    """How wide the pictures of a capture are."""
    width = int(next(iter(capture.images.values())).shape[1])
    return width * zoom_for(width)


def _colours(image: NDArray[Any], capture: Capture) -> Painted:
    return Painted(Image.fromarray(image), legend([Entry("sRGB, 8 bits")], legend_width(capture)))


def _radiance(radiance: NDArray[Any], capture: Capture) -> Painted:
    encoded = encoded_as_srgb(np.clip(radiance, 0.0, 1.0))
    note = f"{radiance.min():.2g} to {radiance.max():.3g}; shown from 0 to 1, encoded as sRGB"
    image = Image.fromarray((255 * encoded).round().astype(np.uint8))
    return Painted(image, legend([Entry(note)], legend_width(capture)))


def lengths_in_sight(metres: NDArray[Any], capture: Capture) -> tuple[NDArray[np.bool_], float, float]:
    """Where something is seen, and how far the nearest and the farthest of it is, in m; the far end is farther."""
    camera = capture.blender_camera
    # The far end went through single precision.
    seen = metres < camera.clip_end * (1 - 1e-5)
    ends = metres[seen] if seen.any() else np.array([camera.clip_start, camera.clip_end])
    near = float(ends.min())
    return seen, near, max(float(ends.max()), 1.01 * near)


def _lengths(metres: NDArray[Any], capture: Capture) -> Painted:
    seen, near, far = lengths_in_sight(metres, capture)
    closeness = 1.0 - np.log(np.clip(metres, near, far) / near) / math.log(far / near)
    image = Image.fromarray(np.where(seen[..., None], ramp(closeness), np.array(NOTHING, np.uint8)))
    return Painted(image, _scale(near, far, legend_width(capture)))


def _scale(near: float, far: float, width: int) -> Image.Image:
    """The colours of lengths from near to far, on a logarithmic scale, and that of nothing."""
    margin, font, swatch = scaled(MARGIN, width), letters(TEXT, width), chip(NOTHING, width)
    end = round(width - 3 * margin - swatch.width - font.getlength("nothing") - scaled(GAP, width))
    below = margin + swatch.height
    strip = Image.new("RGB", (width, below + scaled(22, width) + margin // 2), CARD)
    colours = ramp(np.linspace(1.0, 0.0, end - margin))
    strip.paste(Image.fromarray(np.tile(colours, (swatch.height, 1, 1))), (margin, margin))
    strip.paste(swatch, (end + 2 * margin, margin))
    draw = ImageDraw.Draw(strip)
    draw.text((width - margin, margin + swatch.height / 2), "nothing", INK, font, anchor="rm")
    free = 0.0
    for metres in ticks(near, far):
        text = f"{metres:g} m"
        half = font.getlength(text) / 2
        place = margin + (end - margin) * math.log(metres / near) / math.log(far / near)
        if place - half < free:
            continue
        free = place + half + scaled(10, width)
        draw.line((place, below, place, below + scaled(4, width)), FAINT)
        draw.text((place, below + scaled(7, width)), text, INK, font, anchor="ma")
    return strip


def ticks(near: float, far: float) -> list[float]:
    """Round lengths from near to far: at least two of them."""
    decades = range(math.floor(math.log10(near)), math.ceil(math.log10(far)) + 1)
    for digits in ((1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)):
        chosen = [digit * 10.0**decade for decade in decades for digit in digits]
        chosen = [tick for tick in chosen if near <= tick <= far]
        if len(chosen) >= 4:
            return chosen
    step = 10.0 ** math.floor(math.log10((far - near) / 2))
    return [round(number * step, 9) for number in range(math.ceil(near / step), math.floor(far / step) + 1)]


def _directions(normals: NDArray[Any], capture: Capture) -> Painted:
    width = legend_width(capture)
    entries = []
    for meaning, direction in DIRECTIONS.items():
        red, green, blue = normal_colours(np.array(direction, float)).tolist()
        entries.append(Entry(meaning, chip((red, green, blue), width)))
    strip = legend([*entries, Entry("nothing", chip(NOTHING, width))], width)
    ball = _ball(min(strip.height, scaled(42, width)) - 8)
    strip.paste(ball, (width - ball.width - scaled(MARGIN, width), (strip.height - ball.height) // 2))
    return Painted(Image.fromarray(normal_colours(normals)), strip)


def _ball(size: int) -> Image.Image:
    """A ball in the colours of its normals."""
    x, y = np.meshgrid(*[np.linspace(-1.02, 1.02, 4 * size)] * 2)
    inside = x**2 + y**2 <= 1.0
    normals = np.stack([x, y, -np.sqrt(np.clip(1.0 - x**2 - y**2, 0.0, 1.0))], axis=-1)
    return Image.fromarray(np.where(inside[..., None], normal_colours(normals), np.array(CARD, np.uint8))).reduce(4)


def _instances(ids: NDArray[Any], capture: Capture) -> Painted:
    return _numbered(ids, {seen.id: _title(seen) for seen in capture.objects}, legend_width(capture))


def _categories(numbers: NDArray[Any], capture: Capture) -> Painted:
    names = {seen.category_id: f"{seen.category_id}  {seen.category}" for seen in capture.objects}
    return _numbered(numbers, names, legend_width(capture))


def _numbered(numbers: NDArray[Any], names: Mapping[int, str], width: int) -> Painted:
    """Numbers as colours; those without a name are explained by themselves."""
    found, places = np.unique(numbers, return_inverse=True)
    colours = np.array([colour_of(number) for number in found.tolist()], np.uint8)
    shown = [number for number in found.tolist() if number]
    entries = [Entry(names.get(number, str(number)), chip(colour_of(number), width)) for number in shown]
    entries.append(Entry("0  nothing", chip(NOTHING, width)))
    image = Image.fromarray(colours[places.reshape(numbers.shape)])
    return Painted(image, legend(entries, width))


def _title(seen: SeenObject) -> str:
    category = f"  ({seen.category})" if seen.category != seen.name else ""
    return f"{seen.id}  {seen.name}{category}"


PAINTERS: dict[str, Callable[[NDArray[Any], Capture], Painted]] = {
    "colours": _colours,
    "radiance": _radiance,
    "lengths": _lengths,
    "directions": _directions,
    "instances": _instances,
    "categories": _categories,
}
"""What draws a pass, by the painter that its record names."""
