"""Tar archives of samples as WebDataset has them: the files of a sample lie together, and share a key."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from blendgym.errors import InvalidOption

BLOCK = 512
END = bytes(2 * BLOCK)
"""What the last file is followed by."""


class Piece(NamedTuple):
    """The files of one key, somewhere in an archive.

    Args:
        offset: Of its first byte.
        content: Its bytes, those of headers included.
    """

    offset: int
    content: bytes


def packed(key: str, files: Mapping[str, bytes]) -> bytes:
    """The files of a sample as they lie in an archive.

    Args:
        key: What their names begin with.
        files: Content by the rest of the name.

    Raises:
        InvalidOption: If a name is too long for an archive.
    """
    parts: list[bytes] = []
    for name, content in files.items():
        entry = tarfile.TarInfo(f"{key}.{name}")
        entry.size = len(content)
        try:
            parts.append(entry.tobuf(tarfile.USTAR_FORMAT))
        except ValueError:
            raise InvalidOption(f"The name {entry.name!r} is too long for a file in a recording.") from None
        parts += content, bytes(-len(content) % BLOCK)
    return b"".join(parts)


def unpacked(piece: bytes) -> dict[str, memoryview]:
    """The files that ``packed`` was given.

    Raises:
        tarfile.HeaderError: If those are not the bytes of files.
    """
    files: dict[str, memoryview] = {}
    content, place = memoryview(piece), 0
    while place < len(content):
        entry = _entry(content[place : place + BLOCK].tobytes())
        files[entry.name.partition(".")[2]] = content[place + BLOCK : place + BLOCK + entry.size]
        place += _length(entry)
    return files


def read_file(archive: int, start: int, end: int, name: str) -> bytes:
    """The content of one file of a sample, without reading the others.

    Args:
        archive: A file descriptor.
        start: Of the sample, in bytes.
        end: Of the sample.
        name: Of the file, without the key.

    Raises:
        tarfile.HeaderError: If those are not the bytes of files.
        KeyError: If there is none of that name.
    """
    while start < end:
        entry = _entry(os.pread(archive, BLOCK, start))
        if entry.name.partition(".")[2] == name:
            return os.pread(archive, entry.size, start + BLOCK)
        start += _length(entry)
    raise KeyError(name)


def pieces(archive: int, offset: int) -> Iterator[Piece]:
    """All samples from some place on, whole or not; bytes that are no file are passed over.

    Args:
        archive: A file descriptor.
        offset: Where to begin.
    """
    for _, files in groupby(_files(archive, offset), lambda file: file.key):
        first, *others = files
        end = (others or [first])[-1].end
        yield Piece(first.start, os.pread(archive, end - first.start, first.start))


class _File(NamedTuple):
    key: str
    start: int
    end: int


def _files(archive: int, offset: int) -> Iterator[_File]:
    size = os.fstat(archive).st_size
    while offset + BLOCK <= size:
        try:
            entry = _entry(os.pread(archive, BLOCK, offset))
        except tarfile.HeaderError:
            offset += BLOCK
            continue
        start, offset = offset, offset + _length(entry)
        if offset <= size:
            yield _File(entry.name.partition(".")[0], start, offset)


def _entry(header: bytes) -> tarfile.TarInfo:
    return tarfile.TarInfo.frombuf(header, "utf-8", "strict")


def _length(entry: tarfile.TarInfo) -> int:
    """Of a file with its header, in bytes."""
    return BLOCK + -(-entry.size // BLOCK) * BLOCK
