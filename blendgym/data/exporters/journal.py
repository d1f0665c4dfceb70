"""The journal of a run in an export: a line for each sample, added once all of its files are there.

What a format has in a single file for all images, such as COCO, is put together from journals at the end. So a sample
costs the same whether it is the first or the last, and a process that is killed loses one sample at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from blendgym.errors import InvalidExport


class Noted(msgspec.Struct):
    """What is noted of every sample.

    Args:
        index: Of the sample.
        fingerprint: Of the sample.
        annotations: How many objects are annotated in its pictures.
    """

    index: int
    fingerprint: int
    annotations: int


class Line(Noted):
    """All that is noted of a sample.

    Args:
        pictures: What a format keeps of each of its pictures, as JSON.
    """

    pictures: list[msgspec.Raw]


Kind = TypeVar("Kind", bound=Noted)


class Journal:
    """A file of lines that is only ever added to. A torn last line is cut off.

    Args:
        path: Of the file; ``open`` makes it.

    Attributes:
        fingerprints: Of all samples that are noted, by index.
        last: The last line; ``None`` if there is none.

    Raises:
        InvalidExport: If a line is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self.fingerprints: dict[int, int] = {}
        self.last: Line | None = None
        self._end = 0
        for offset, content in _whole_lines(path) if path.exists() else ():
            self.last = _decoded(path, content, Line)
            self.fingerprints[self.last.index] = self.last.fingerprint
            self._end = offset + len(content)

    def open(self) -> BinaryIO:
        """The file, to be added to behind its last whole line.

        Raises:
            OSError: If it cannot be written.
        """
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab")
            self._file.truncate(self._end)
        return self._file

    def append(self, line: Line) -> None:
        """Adds a line.

        Raises:
            OSError: If it cannot be written; then nothing of it is there.
        """
        content = msgspec.json.encode(line) + b"\n"
        file = self.open()
        try:
            file.write(content)
            file.flush()
        except BaseException:
            file.truncate(self._end)
            raise
        self._end += len(content)
        self.fingerprints[line.index] = line.fingerprint

    def close(self) -> None:
        """Closes the file."""
        if self._file:
            self._file.close()


def read_lines(path: Path, kind: type[Kind]) -> Iterator[tuple[int, Kind]]:
    """The lines of a journal and how many bytes from its beginning they are, without a torn last one.

    Args:
        path: Of the file.
        kind: ``Line``, or less of it.

    Raises:
        InvalidExport: If one is damaged, or there is no such file.
    """
    for offset, content in _whole_lines(path):
        yield offset, _decoded(path, content, kind)


def read_line(path: Path, offset: int) -> Line:
    """The line that begins at some byte."""
    with path.open("rb") as stream:
        stream.seek(offset)
        return _decoded(path, stream.readline(), Line)


def _whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        raise InvalidExport(f"{path} is missing, by which an export goes on. Export to another folder.") from None
    offset = 0
    with stream:
        for content in stream:
            if content.endswith(b"\n"):
                yield offset, content
            offset += len(content)


def _decoded(path: Path, content: bytes, kind: type[Kind]) -> Kind:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise InvalidExport(f"{path} is damaged: {error} in {content[:60]!r}. Export to another folder.") from None
