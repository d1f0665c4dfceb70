"""Samples as the files that a shard holds of each: images, large labels, and a JSON file with everything else."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from typing import Any

import msgspec
from numpy.typing import NDArray

from blendgym.data.recording.arrays import from_file, to_file
from blendgym.data.recording.plain_json import from_json, to_array, to_json
from blendgym.data.sample import Sample
from blendgym.errors import InvalidOption
from blendgym.images.captures import BlenderCamera, Capture, Keypoint, SeenObject
from blendgym.images.projections import Projection

FACTS = "json"
"""Name of the file with everything that is in no other one; the last file of a sample."""

LARGE = 4096
"""Bytes from which a label has a file of its own."""


class _View(msgspec.Struct):
    """A ``Capture``, with the names of files for its images, by pass."""

    images: dict[str, str]
    projection: Projection
    world_to_camera: NDArray[Any]
    blender_camera: BlenderCamera
    objects: tuple[SeenObject, ...]
    keypoints: tuple[Keypoint, ...]


class _Checked(msgspec.Struct):
    """What says whether a sample is whole.

    Args:
        index: Of the sample.
        checksums: CRC-32 of each of its other files, by name.
    """

    index: int
    checksums: dict[str, int]


class _Facts(_Checked, kw_only=True):
    """A ``Sample``; a large label stands as ``{"file": name}``."""

    version: int
    seed: int
    parameters: dict[str, float]
    unit: NDArray[Any]
    log_probability: float
    labels: dict[str, Any]
    views: dict[str, _View]


AS_IT_IS = tuple(name for name in Sample.__struct_fields__ if name not in ("labels", "views"))
"""What a ``Sample`` and its ``_Facts`` have in common."""


def files_of(sample: Sample) -> dict[str, bytes]:
    """The files of a sample by name, without the key that they share.

    Raises:
        InvalidOption: If an array, or the name of a view, cannot be recorded.
    """
    images = {view: _image_files(view, capture) for view, capture in sample.views.items()}
    large = {name: to_file(f"label-{name}", each) for name, each in sample.labels.items() if _has_file(name, each)}
    files = dict([*(file for of_view in images.values() for file in of_view.values()), *large.values()])
    facts = _Facts(
        **{name: getattr(sample, name) for name in AS_IT_IS},
        labels={name: {"file": large[name][0]} if name in large else each for name, each in sample.labels.items()},
        views={name: _view(capture, images[name]) for name, capture in sample.views.items()},
        checksums={name: zlib.crc32(content) for name, content in files.items()},
    )
    return {**files, FACTS: to_json(facts)}


def sample_of(files: Mapping[str, memoryview]) -> Sample:
    """The sample whose files those are.

    Raises:
        msgspec.DecodeError: If they are not what ``files_of`` has made.
        KeyError: If one is missing.
    """
    facts = from_json(files[FACTS], _Facts)
    return Sample(
        **{name: getattr(facts, name) for name in AS_IT_IS},
        labels={name: _label(each, files) for name, each in facts.labels.items()},
        views={name: _capture(view, files) for name, view in facts.views.items()},
    )


def index_of(files: Mapping[str, memoryview]) -> int | None:
    """The index of the sample whose files those are; ``None`` if some are missing or damaged."""
    try:
        facts = from_json(files[FACTS], _Checked)
    except (msgspec.DecodeError, KeyError, UnicodeDecodeError):
        return None
    found = {name: zlib.crc32(content) for name, content in files.items() if name != FACTS}
    return facts.index if found == facts.checksums else None


def _image_files(view: str, capture: Capture) -> dict[str, tuple[str, bytes]]:
    for name in filter(None, (view, *capture.images)):
        if not name.isidentifier():
            raise InvalidOption(
                f"A view or pass is called {name!r}; a recording takes letters, digits and underscores."
            )
    prefix = f"{view}." if view else ""
    return {name: to_file(prefix + name, image) for name, image in capture.images.items()}


def _has_file(name: str, label: NDArray[Any]) -> bool:
    return label.nbytes >= LARGE and name.isidentifier()


def _label(described: Any, files: Mapping[str, memoryview]) -> NDArray[Any]:
    file = described.get("file") if isinstance(described, dict) else None
    return from_file(file, files[file]) if file else to_array(described)


def _view(capture: Capture, files: Mapping[str, tuple[str, bytes]]) -> _View:
    names = {name: file for name, (file, _) in files.items()}
    return _View(**{**_fields(capture), "images": names, "objects": tuple(map(_with_named, capture.objects))})


def _capture(view: _View, files: Mapping[str, memoryview]) -> Capture:
    images = {name: from_file(file, files[file]) for name, file in view.images.items()}
    return Capture(**{**_fields(view), "images": images, "objects": tuple(map(_with_numbers, view.objects))})


def _fields(struct: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def _with_named(seen: SeenObject) -> SeenObject:
    """An object whose extras are told from texts such as ``"NaN"`` where they are not finite."""
    extras = {
        name: {"float": each} if isinstance(each, float) and not math.isfinite(each) else each
        for name, each in seen.extras.items()
    }
    return msgspec.structs.replace(seen, extras=extras)


def _with_numbers(seen: SeenObject) -> SeenObject:
    extras = {name: float(each["float"]) if isinstance(each, dict) else each for name, each in seen.extras.items()}
    return msgspec.structs.replace(seen, extras=extras)
