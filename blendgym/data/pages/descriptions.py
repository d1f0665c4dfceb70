"""Samples as a page is told about them: plain data for its tables, and for what it draws on pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.data.pages.legends import colour_text, legend_of
from blendgym.data.sample import Sample
from blendgym.images.captures import Capture, Keypoint, SeenObject
from blendgym.images.passes import PASSES
from blendgym.images.pictures.boxes import visible_edges
from blendgym.images.pictures.layout import colour_of, ink_on
from blendgym.parameters.specs import ParameterSpec

MOST_NUMBERS = 12
"""Of a label that are written out."""


def description_of(sample: Sample, declared: Mapping[str, ParameterSpec]) -> dict[str, Any]:
    """All that a page shows of a sample but its pictures, as plain data.

    Args:
        sample: To be shown.
        declared: The declarations of its parameters, by name, as far as they are known.
    """
    return {
        "index": sample.index,
        "version": sample.version,
        "seed": str(sample.seed),  # JavaScript's numbers have 53 bits.
        "log_probability": sample.log_probability,
        "parameters": [_parameter(name, value, declared.get(name)) for name, value in sample.parameters.items()],
        "labels": [_label(name, value) for name, value in sample.labels.items()],
        "views": [_view(name, capture) for name, capture in sample.views.items()],
    }


def passes_of(capture: Capture) -> list[str]:
    """The passes of a capture that can be painted; colours first."""
    return [name for name in PASSES if name in capture.images]


def _parameter(name: str, value: float, spec: ParameterSpec | None) -> dict[str, Any]:
    if spec is None:
        return {"name": name, "value": value, "text": f"{value:.5g}"}
    choice = spec.choices[int(value)] if spec.choices and 0 <= value < len(spec.choices) else ""
    return {
        "name": name,
        "value": value,
        "text": choice or f"{value:.5g}",
        "unit": "" if spec.unit == "1" else spec.unit,
        "meaning": spec.description,
        "low": spec.low,
        "high": spec.high,
        "place": (value - spec.low) / (spec.high - spec.low),
        "nominal": (spec.nominal - spec.low) / (spec.high - spec.low),
        "group": spec.group,
    }


def _label(name: str, value: NDArray[Any]) -> dict[str, Any]:
    shape = " × ".join(map(str, value.shape))
    if value.size > MOST_NUMBERS:
        return {"name": name, "kind": f"{value.dtype} {shape}", "text": _extent(value)}
    written = np.array2string(value, precision=5, separator=", ", threshold=MOST_NUMBERS)
    return {"name": name, "kind": f"{value.dtype} {shape}".rstrip(), "text": written}


def _extent(value: NDArray[Any]) -> str:
    """Between what numbers all of an array are."""
    if value.dtype.kind not in "biuf":
        return ""
    return f"{np.nanmin(value):.5g} to {np.nanmax(value):.5g}"


def _view(name: str, capture: Capture) -> dict[str, Any]:
    height, width = next(iter(capture.images.values())).shape[:2]
    camera, position = capture.blender_camera, np.linalg.inv(capture.world_to_camera)[:3, 3]
    fx, fy, cx, cy = (capture.intrinsics[place] for place in ((0, 0), (1, 1), (0, 2), (1, 2)))
    return {
        "name": name,
        "width": width,
        "height": height,
        "passes": [
            {
                "name": each,
                "title": PASSES[each].title,
                "meaning": PASSES[each].meaning,
                "legend": legend_of(each, capture),
            }
            for each in passes_of(capture)
        ],
        "objects": [_object(seen, capture, (width, height)) for seen in capture.objects],
        "keypoints": list(_keypoints(capture.keypoints)),
        "camera": [
            ["projection", capture.projection.kind],
            ["position", "  ".join(f"{each:.3f}" for each in position) + "  m"],
            ["fx, fy", f"{fx:.2f}, {fy:.2f}"],
            ["cx, cy", f"{cx:.2f}, {cy:.2f}"],
            ["sees from", f"{camera.clip_start:g} m to {camera.clip_end:g} m"],
        ],
    }


def _object(seen: SeenObject, capture: Capture, size: tuple[int, int]) -> dict[str, Any]:
    return {
        "id": seen.id,
        "name": seen.name,
        "category": seen.category,
        "colour": colour_text(colour_of(seen.id)),
        "ink": colour_text(ink_on(colour_of(seen.id))),
        "pixels": seen.pixels,
        "visibility": seen.visibility,
        "truncation": seen.truncation,
        "box": seen.box,
        "amodal_box": seen.amodal_box,
        "edges": np.round(visible_edges(seen.corners, capture, size).reshape(-1, 4), 1).tolist(),
    }


def _keypoints(keypoints: tuple[Keypoint, ...]) -> Iterator[dict[str, Any]]:
    """Where keypoints are drawn, from the upper left corner of the picture; those behind the camera are left out."""
    for each in keypoints:
        x, y = (each.pixel + 0.5).tolist()
        if np.isfinite([x, y]).all():
            yield {"name": each.name, "object": each.object, "x": x, "y": y, "is_visible": each.is_visible}
