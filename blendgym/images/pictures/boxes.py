"""A picture of the boxes around objects: what is seen of them, all of them, and in three dimensions."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from blendgym import geometry
from blendgym.geometry import Box
from blendgym.images.captures import Capture, Keypoint, SeenObject
from blendgym.images.pictures.layout import (
    CARD,
    FAINT,
    INK,
    TEXT,
    WHITE,
    Colour,
    Entry,
    Picture,
    colour_of,
    enlarged,
    ink_on,
    legend,
    letters,
    percent,
    scaled,
)

# Corners have the order of Blender's ``bound_box``: the first four on one side, the other four opposite to them.
EDGES = np.array([(0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4), (0, 4), (1, 5), (2, 6), (3, 7)])

PIECES = 32
"""Of an edge that a fisheye bends."""


def boxes_picture(capture: Capture) -> Picture:
    """The colours of a capture with three boxes and a label for every object in sight, and with its keypoints."""
    image = enlarged(Image.fromarray(capture.images["rgb"]))
    zoom = image.width // capture.images["rgb"].shape[1]
    # Large objects first, so that small ones lie on top.
    objects = sorted(capture.objects, key=lambda seen: -_area(seen.amodal_box))
    fineness = 3 if image.width <= 2048 else 1
    lines = Image.new("RGBA", (image.width * fineness, image.height * fineness))
    for seen in objects:
        _draw_object(lines, seen, capture, zoom * fineness, scaled(2, image.width) * fineness)
    lines = lines.reduce(fineness)
    image.paste(lines, mask=lines)
    _draw_keypoints(image, capture.keypoints, zoom)
    _draw_labels(image, objects[::-1], zoom)
    return Picture("boxes", "Boxes", image, _legend(image.width))


def visible_edges(corners: NDArray[np.float64], capture: Capture, size: tuple[int, int]) -> NDArray[np.float64]:
    """The part of a box's edges that the camera can see.

    Args:
        corners: (8, 3), in m in the frame of the world.
        capture: Whose camera.
        size: Width and height of the image.

    Returns:
        (edges, 2, 2) ends in pixels from the upper left corner of the image.
    """
    ends = geometry.transform(corners, capture.world_to_camera)[EDGES]
    if capture.projection.is_straight:
        for plane in _planes(capture, *size):
            ends = geometry.cut(ends, plane)
    else:
        ends = _in_pieces(ends)
    pixels = capture.projection.project(ends) + 0.5
    return np.asarray(pixels[np.isfinite(pixels).all(axis=(1, 2))])


def _in_pieces(ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Line segments (segments, 2, 3) in short pieces, which a lens bends little."""
    shares = np.linspace(0.0, 1.0, PIECES + 1)[:, None, None]
    points = ends[:, 0] + shares * (ends[:, 1] - ends[:, 0])
    return np.asarray(np.stack([points[:-1], points[1:]], axis=2).reshape(-1, 2, 3))


def _planes(capture: Capture, width: int, height: int) -> NDArray[np.float64]:
    """The planes (5, 4) around what a camera with straight lines sees, each positive inside."""
    fx, fy, cx, cy = (capture.intrinsics[place] for place in ((0, 0), (1, 1), (0, 2), (1, 2)))
    # Each side of the image is a plane through the camera, or along the axis of an orthographic one.
    along = [2, 3][capture.projection.kind == "orthographic"]
    planes = np.zeros((5, 4))
    planes[0] = 0.0, 0.0, 1.0, -capture.blender_camera.clip_start
    planes[1, [0, along]] = fx, cx + 0.5
    planes[2, [0, along]] = -fx, width - cx - 0.5
    planes[3, [1, along]] = fy, cy + 0.5
    planes[4, [1, along]] = -fy, height - cy - 0.5
    return planes


def _draw_object(lines: Image.Image, seen: SeenObject, capture: Capture, zoom: int, thickness: int) -> None:
    colour, draw = colour_of(seen.id), ImageDraw.Draw(lines)
    height, width = capture.images["rgb"].shape[:2]
    edges = visible_edges(seen.corners, capture, (width, height)) * zoom
    for start, end in edges.tolist():
        draw.line((*start, *end), colour, thickness // 2)
    for dash in _dashes(_inside(seen.amodal_box, width, height), zoom, thickness):
        draw.rectangle(_grown(dash, thickness / 2), colour)
    if seen.box:
        draw.rectangle(_grown([side * zoom for side in seen.box], thickness / 2), outline=colour, width=thickness)


def _draw_keypoints(image: Image.Image, keypoints: Sequence[Keypoint], zoom: int) -> None:
    """A disc for each that is visible, a ring for each that is hidden."""
    draw, radius = ImageDraw.Draw(image), scaled(5, image.width)
    for each in keypoints:
        x, y = ((each.pixel + 0.5) * zoom).tolist()
        if math.isnan(x):
            continue
        ends = (x - radius, y - radius, x + radius, y + radius)
        draw.ellipse(ends, WHITE if each.is_visible else None, outline=INK, width=scaled(2, image.width))


def _grown(box: Sequence[float], by: float) -> tuple[float, ...]:
    """A box with a border, by Pillow's rule that the right and lower ends are part of it."""
    left, top, right, bottom = box
    return left - by, top - by, max(left - by, right + by - 1), max(top - by, bottom + by - 1)


def _dashes(box: Box, zoom: int, thickness: int) -> list[Box]:
    """The outline of a box in pixels, in pieces without thickness."""
    left, top, right, bottom = (side * zoom for side in box)
    dashes: list[Box] = []
    for start in np.arange(left, right, 6.0 * thickness).tolist():
        end = min(start + 3.0 * thickness, right)
        dashes += [(start, side, end, side) for side in (top, bottom)]
    for start in np.arange(top, bottom, 6.0 * thickness).tolist():
        end = min(start + 3.0 * thickness, bottom)
        dashes += [(side, start, side, end) for side in (left, right)]
    return dashes


def _inside(box: Box, width: int, height: int) -> Box:
    """A box with the sides that lie outside of an image moved to just beyond its border."""
    left, top, right, bottom = box
    return max(left, -9.0), max(top, -9.0), min(right, width + 9.0), min(bottom, height + 9.0)


def _draw_labels(image: Image.Image, objects: Sequence[SeenObject], zoom: int) -> None:
    """Names and visibilities, each beside its box and away from the others; the first choose first."""
    draw, font, inset = ImageDraw.Draw(image), letters(TEXT, image.width), scaled(5, image.width)
    boxes = {seen.id: _shown_box(seen, image.size, zoom) for seen in objects}
    taken: list[Box] = []
    for seen in objects:
        text, colour = f"{seen.id}  {seen.name}  {percent(seen.visibility, digits=0)}".rstrip(), colour_of(seen.id)
        size = font.getlength(text) + 2 * inset, scaled(20, image.width)
        others = [box for number, box in boxes.items() if number != seen.id]
        places = _places(boxes[seen.id], size, inset)
        costs = [_cost(place, image.size, taken, others) for place in places]
        label = places[costs.index(min(costs))]
        taken.append(label)
        draw.rounded_rectangle(label, inset, colour)
        draw.text((label[0] + inset, (label[1] + label[3]) / 2), text, ink_on(colour), font, anchor="lm")


def _shown_box(seen: SeenObject, size: tuple[int, int], zoom: int) -> Box:
    left, top, right, bottom = (side * zoom for side in seen.box or seen.amodal_box)
    return max(left, 0.0), max(top, 0.0), min(right, size[0]), min(bottom, size[1])


def _places(box: Box, size: tuple[float, float], gap: float) -> list[Box]:
    """Where a label of some size can be: around its box, or in a corner of it, the best first."""
    left, top, right, bottom = box
    width, height = size
    corners = (
        (left, top - height - gap),
        (right - width, top - height - gap),
        (left - width - gap, top),
        (right + gap, top),
        (left, bottom + gap),
        (right - width, bottom + gap),
        (left + gap, top + gap),
        (right - width - gap, bottom - height - gap),
        (left + gap, bottom - height - gap),
    )
    return [(x, y, x + width, y + height) for x, y in corners]


def _cost(place: Box, size: tuple[int, int], taken: Sequence[Box], others: Sequence[Box]) -> float:
    """How bad a label's place is: outside of the image, on other labels, or on other objects, small ones above all."""
    hidden = _area(place) - _overlap(place, (0.0, 0.0, *size))
    labels = sum(_overlap(place, other) for other in taken)
    covered = sum(_overlap(place, other) / (1.0 + _area(other)) for other in others)
    return 100.0 * hidden + 10.0 * labels + 100.0 * covered


def _overlap(one: Box, other: Box) -> float:
    return _area((max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])))


def _area(box: Box) -> float:
    left, top, right, bottom = box
    return max(0.0, right - left) * max(0.0, bottom - top)


def _legend(width: int) -> Image.Image:
    thickness, length = scaled(2, width), scaled(30, width)
    solid = [(0, length)]
    dashed = [(start, min(start + 3 * thickness, length)) for start in range(0, length, 6 * thickness)]
    lines: tuple[tuple[str, list[tuple[int, int]], int, Colour], ...] = (
        ("visible part", solid, thickness, FAINT),
        ("whole object", dashed, thickness, FAINT),
        ("3-D box", solid, thickness // 2, FAINT),
    )
    entries = []
    for text, pieces, weight, colour in lines:
        swatch = Image.new("RGB", (length, scaled(14, width)), CARD)
        top = (swatch.height - weight) // 2
        for start, end in pieces:
            swatch.paste(colour, (start, top, end, top + weight))
        entries.append(Entry(text, swatch))
    return legend([*entries, Entry("% visible")], width)
