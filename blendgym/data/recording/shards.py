"""The files of a recording as its writer has them: whole samples one after the other, or nothing of a sample."""

from __future__ import annotations

import os
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from blendgym.data.recording.folder import Folder, write_at_once
from blendgym.data.recording.index import ROW, Rows, end_of, make_row
from blendgym.data.recording.tar import END


class Place(NamedTuple):
    """Where the next sample goes.

    Args:
        samples: How many are there.
        lowest: The lowest index that the next one can have.
        shard: The number of the shard.
        offset: In that shard, in bytes.
        of_shard: How many samples are in it.
    """

    samples: int = 0
    lowest: int = 0
    shard: int = 0
    offset: int = 0
    of_shard: int = 0


class Shards:
    """The shards of a recording, and its index, to be added to.

    Args:
        folder: Of the recording.
        rows: Of the samples that are whole; what comes after them is cut off.
        largest: After how many bytes a further shard is begun.
        longest: After how many samples.

    Attributes:
        place: Where the next sample goes.
    """

    def __init__(self, folder: Folder, rows: Rows, largest: int, longest: int) -> None:
        self._folder, self._largest, self._longest = folder, largest, longest
        self.place = _place_behind(rows)
        _cut(folder, rows)
        self._index = _opened(folder.index)
        self._shard = _opened(folder.shard(self.place.shard))

    def append(self, index: int, content: bytes) -> None:
        """Adds the files of a sample.

        Raises:
            OSError: If they cannot be written; then nothing of them is there.
        """
        if self._is_full(len(content)):
            self._begin_shard()
        place = self.place
        row = make_row(index, place.shard, place.offset, content)
        try:
            _write(self._shard, content, place.offset)
            _write(self._shard, END, place.offset + len(content))
            _write(self._index, row.tobytes(), place.samples * ROW.itemsize)
        except BaseException:
            self._take_back()
            raise
        # At once, so that an interrupt leaves all of it or none.
        self.place = Place(place.samples + 1, index + 1, place.shard, place.offset + len(content), place.of_shard + 1)

    def sync(self) -> None:
        """Waits until the disk has what was added, against a loss of power."""
        os.fdatasync(self._shard.fileno())
        os.fdatasync(self._index.fileno())

    def close(self) -> None:
        """Closes the files."""
        self._shard.close()
        self._index.close()

    def _is_full(self, more: int) -> bool:
        place = self.place
        return place.of_shard > 0 and (place.of_shard >= self._longest or place.offset + more > self._largest)

    def _begin_shard(self) -> None:
        self.sync()
        shard = _opened(self._folder.shard(self.place.shard + 1))
        self._shard.close()
        self._shard = shard
        self.place = self.place._replace(shard=self.place.shard + 1, offset=0, of_shard=0)

    def _take_back(self) -> None:
        with suppress(OSError):
            os.ftruncate(self._shard.fileno(), self.place.offset)
            os.ftruncate(self._index.fileno(), self.place.samples * ROW.itemsize)
            _write(self._shard, END, self.place.offset)


def _place_behind(rows: Rows) -> Place:
    if not len(rows):
        return Place()
    shard = int(rows["shard"][-1])
    of_shard = int((rows["shard"] == shard).sum())
    return Place(len(rows), int(rows["index"][-1]) + 1, shard, end_of(rows), of_shard)


def _cut(folder: Folder, rows: Rows) -> None:
    """Makes the files what the rows say."""
    place = _place_behind(rows)
    for number in folder.shards():
        if number > place.shard:
            folder.shard(number).unlink()
    with _opened(folder.shard(place.shard)) as shard:
        os.ftruncate(shard.fileno(), place.offset)
        _write(shard, END, place.offset)
    if not folder.index.exists() or folder.index.read_bytes() != rows.tobytes():
        write_at_once(folder.index, rows.tobytes())


def _opened(path: Path) -> FileIO:
    path.touch()
    return FileIO(path, "r+")


def _write(file: FileIO, content: bytes, offset: int) -> None:
    left = memoryview(content)
    while left:
        written = os.pwrite(file.fileno(), left, offset)
        left, offset = left[written:], offset + written
