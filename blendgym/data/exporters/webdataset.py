"""Plain WebDataset: tar files with an image and its annotations in JSON, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from blendgym.data.exporters.annotations import annotations_of, image_entry
from blendgym.data.exporters.folder import ExportFolder
from blendgym.data.exporters.names import safe_name
from blendgym.data.exporters.pictures import Picture
from blendgym.data.exporters.writer import JournalWriter
from blendgym.data.recording.png import to_png
from blendgym.data.recording.tar import END, packed
from blendgym.data.sample import Sample
from blendgym.files import write_whole

LARGEST = 1 << 28
"""Bytes from which a further tar file is begun."""


class _Entry(msgspec.Struct):
    """What is noted of a picture: the tar file that it is in, and where it ends there."""

    shard: int
    end: int


class WebDatasetWriter(JournalWriter):
    """Writes ``RUN-000000.tar`` and so on, and ``categories.json``."""

    def __init__(self, folder: ExportFolder, run: str) -> None:
        super().__init__(folder, run)
        last = self.journal.last
        self._place = msgspec.json.decode(last.pictures[-1], type=_Entry) if last else _Entry(0, 0)

    def write(self, sample: Sample, pictures: Sequence[Picture], fingerprint: int) -> None:
        """Adds a sample that is not there yet."""
        place = self._place
        try:
            super().write(sample, pictures, fingerprint)
        except BaseException:
            self._place = place
            raise

    def write_picture(self, picture: Picture) -> _Entry:
        """Adds an image and its annotations behind the last ones."""
        annotations = annotations_of(picture, self.folder, first=1)
        entry = {"image": image_entry(picture, f"{picture.name}.png"), "annotations": annotations}
        files = {"png": to_png(picture.capture.images["rgb"]), "json": msgspec.json.encode(entry)}
        self._append(packed(picture.name, files))
        return self._place

    def assemble(self) -> None:
        """Cuts off what is not noted, and makes ``categories.json``."""
        shards = self._shard(self._place.shard), self._shard(self._place.shard + 1)
        if shards[0].exists():
            os.truncate(shards[0], self._place.end + len(END))
        shards[1].unlink(missing_ok=True)
        names = [{"id": number, "name": name} for number, name in enumerate(self.folder.categories, 1)]
        write_whole(self.folder.path / "categories.json", msgspec.json.format(msgspec.json.encode(names)) + b"\n")

    def _append(self, content: bytes) -> None:
        shard, offset = self._place.shard, self._place.end
        if offset and offset + len(content) > LARGEST:
            shard, offset = shard + 1, 0
        path = self._shard(shard)
        path.touch()
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(content + END)
        self._place = _Entry(shard, offset + len(content))

    def _shard(self, number: int) -> Path:
        return self.folder.path / f"{safe_name(self.run)}-{number:06d}.tar"
