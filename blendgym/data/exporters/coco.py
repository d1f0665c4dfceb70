"""COCO: a JSON file with the annotations of all images."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from blendgym.data.exporters.annotations import Annotation, ImageEntry, annotations_of, image_entry
from blendgym.data.exporters.folder import ExportFolder
from blendgym.data.exporters.pictures import Picture
from blendgym.data.exporters.writer import JournalWriter
from blendgym.data.recording.png import to_png
from blendgym.files import atomically_written, write_whole

IMAGES, INSTANCES = "images", "instances.json"


class _Entry(msgspec.Struct):
    """What is noted of a picture."""

    image: ImageEntry
    annotations: list[Annotation]


class CocoWriter(JournalWriter):
    """Writes ``images/*.png`` and ``instances.json``."""

    def __init__(self, folder: ExportFolder, run: str) -> None:
        super().__init__(folder, run)
        self._next = 1 + self.annotations()

    def write_picture(self, picture: Picture) -> _Entry:
        """Writes the image."""
        file = f"{picture.name}.png"
        annotations = annotations_of(picture, self.folder, self._next)
        write_whole(self.folder.path / IMAGES / file, to_png(picture.capture.images["rgb"]))
        self._next += len(annotations)
        return _Entry(image_entry(picture, file), annotations)

    def assemble(self) -> None:
        """Makes ``instances.json``."""
        keypoints = self._keypoints()
        with atomically_written(self.folder.path / INSTANCES) as part, part.open("wb") as file:
            file.write(b'{"info":{"description":"Made with blendgym"},"licenses":[],\n"images":[\n')
            _write_items(file, (entry.image for entry in self._entries()))
            file.write(b'],\n"annotations":[\n')
            _write_items(file, (_coco(each, keypoints) for entry in self._entries() for each in entry.annotations))
            file.write(b'],\n"categories":[\n')
            _write_items(file, self._categories(keypoints))
            file.write(b"]}\n")

    def _entries(self) -> Iterator[_Entry]:
        for _, line in self.lines():
            for entry in line.pictures:
                yield msgspec.json.decode(entry, type=_Entry)

    def _keypoints(self) -> dict[int, list[str]]:
        """The names of the keypoints of each category that has some, by its number."""
        names: dict[int, set[str]] = {}
        for entry in self._entries():
            for annotation in filter(lambda each: each.keypoints, entry.annotations):
                names.setdefault(annotation.category_id, set()).update(annotation.keypoints)
        return {category: sorted(each) for category, each in names.items()}

    def _categories(self, keypoints: dict[int, list[str]]) -> Iterator[dict[str, Any]]:
        for number, name in enumerate(self.folder.categories, 1):
            category: dict[str, Any] = {"id": number, "name": name, "supercategory": ""}
            if number in keypoints:
                category |= {"keypoints": keypoints[number], "skeleton": []}
            yield category


def _coco(annotation: Annotation, keypoints: dict[int, list[str]]) -> Annotation | dict[str, Any]:
    """An annotation with its keypoints in the order of those of its category."""
    names = keypoints.get(annotation.category_id)
    if names is None:
        return annotation
    triples = [annotation.keypoints.get(name, (0.0, 0.0, 0)) for name in names]
    labelled = sum(visibility > 0 for *_, visibility in triples)
    flat = [number for triple in triples for number in triple]
    return {**msgspec.structs.asdict(annotation), "keypoints": flat, "num_keypoints": labelled}


def _write_items(file: BinaryIO, items: Iterable[Any]) -> None:
    """The items of a JSON array, one a line."""
    separator = b""
    for item in items:
        file.write(separator + msgspec.json.encode(item))
        separator = b",\n"
