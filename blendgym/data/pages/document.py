"""The page as one HTML document, with its style, its program and, in a file of its own, its samples."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import msgspec

from blendgym.data.pages.catalogue import Catalogue
from blendgym.data.pages.descriptions import description_of
from blendgym.data.pages.drawings import MASKS, drawing_of, thumbnail_of
from blendgym.data.sample import Sample
from blendgym.errors import RecordingDamaged

PROGRAM = ("elements.js", "sources.js", "pictures.js", "tables.js", "sample.js", "filters.js", "gallery.js", "page.js")
"""The files of the program, in their order."""


def served_page(title: str) -> str:
    """The page that asks its server for samples."""
    return _document(title, None)


def page_of(catalogue: Catalogue, indices: Sequence[int]) -> str:
    """A page that holds some samples of a recording itself, with their pictures.

    Args:
        catalogue: Of the recording.
        indices: Of the samples.

    Raises:
        InvalidOption: If there is no sample with one of these indices.
    """
    samples = [_embedded(catalogue, index) for index in indices]
    return _document(catalogue.path.resolve().name, {"recording": catalogue.summary(), "samples": samples})


def _embedded(catalogue: Catalogue, index: int) -> dict[str, Any]:
    try:
        sample = catalogue.sample(index)
    except RecordingDamaged as error:
        return {"index": index, "damage": str(error)}
    description = description_of(sample, catalogue.declared)
    return {**description, "thumbnail": _data(thumbnail_of(sample)), "pictures": _pictures(sample, description)}


def _pictures(sample: Sample, description: dict[str, Any]) -> list[dict[str, str]]:
    """The pictures of each view, by name."""
    pictures = []
    for place, view in enumerate(description["views"]):
        names = [each["name"] for each in view["passes"]]
        names += [MASKS] if "segmentation" in names else []
        pictures.append({name: _data(drawing_of(sample, place, name)) for name in names})
    return pictures


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _document(title: str, content: dict[str, Any] | None) -> str:
    program, style = "".join(map(_web, PROGRAM)), _web("page.css")
    # Only this program may run, whatever the names in a recording are.
    policy = (
        f"default-src 'none'; script-src '{_digest(program)}'; style-src '{_digest(style)}'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'"
    )
    # No text of a recording can end the element that it lies in.
    data = msgspec.json.encode(content).decode().replace("<", "\\u003c")
    parts = {
        "policy": html.escape(policy),
        "title": html.escape(title),
        "style": style,
        "data": data,
        "program": program,
    }
    document = _web("page.html")
    before, *pieces = document.split("{{")
    return before + "".join(parts[name] + rest for name, _, rest in (piece.partition("}}") for piece in pieces))


def _web(name: str) -> str:
    return files("blendgym.data.pages").joinpath("web", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
