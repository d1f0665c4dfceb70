"""The index of a recording: where each sample lies, in rows of a fixed length that are only ever added to.

Each row has a checksum, so that it is known of every row whether it was written as a whole. What the index lacks is
read from the shards themselves.
"""

from __future__ import annotations

import os
import tarfile
import zlib
from collections.abc import Iterator
from io import FileIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.data.recording.folder import Folder
from blendgym.data.recording.samples import index_of
from blendgym.data.recording.tar import pieces, read_file, unpacked
from blendgym.errors import RecordingDamaged

ROW = np.dtype(
    [("index", "<i8"), ("offset", "<i8"), ("size", "<i8"), ("shard", "<u4"), ("checksum", "<u4"), ("own", "<u4")]
)
"""Index of a sample, the shard where it lies, where in it, and two checksums (CRC-32): of its bytes, of this row."""

CHECKED = ROW.itemsize - 4
"""Bytes of a row without its own checksum."""

Rows = NDArray[Any]
"""Of dtype ``ROW``, in the order of the samples' indices."""


class Contents(NamedTuple):
    """What a recording holds.

    Args:
        rows: Of all samples that are whole.
        loss: What is not, for people; empty if nothing is lost.
    """

    rows: Rows
    loss: str


def make_row(index: int, shard: int, offset: int, content: bytes) -> Rows:
    """The row (1,) of a sample that lies somewhere in a shard."""
    row = np.array([(index, offset, len(content), shard, zlib.crc32(content), 0)], ROW)
    row["own"] = zlib.crc32(row.tobytes()[:CHECKED])
    return row


def read_contents(folder: Folder) -> Contents:
    """What a recording holds, whatever became of its writer; nothing is changed.

    Raises:
        RecordingDamaged: If a shard is missing, or one that had been finished is too short.
    """
    saved = folder.read_saved_samples()  # Before the index, so that a writer meanwhile adds to the index alone.
    written = _written_rows(folder)
    _check_shards(folder, written)
    kept = len(written)
    while kept and not _is_whole(folder, written[kept - 1]):
        kept -= 1
    rows = np.concatenate([written[:kept], *_found_rows(folder, written[:kept])])
    return Contents(rows, _loss(folder, rows, recorded=max(saved, len(written))))


def read_sample(folder: Folder, row: Any) -> dict[str, memoryview]:
    """The files of a sample.

    Raises:
        RecordingDamaged: If they are not what was written.
    """
    shard = folder.shard(int(row["shard"]))
    content = _read(folder, row)
    if zlib.crc32(content) != row["checksum"]:
        raise RecordingDamaged(
            f"Sample {row['index']} in {shard} (bytes {row['offset']} to {row['offset'] + row['size']}) is not what "
            "was written: its checksum differs. The other samples are not affected. Copy the shard again if you have "
            "it elsewhere.",
            index=int(row["index"]),
        )
    return unpacked(content)


def read_part(folder: Folder, row: Any, name: str) -> bytes:
    """One file of a sample, without reading the others, and so without the check of all.

    Raises:
        RecordingDamaged: If it cannot be found.
    """
    start = int(row["offset"])
    with _shard_of(folder, row) as shard:
        try:
            return read_file(shard.fileno(), start, start + int(row["size"]), name)
        except (tarfile.HeaderError, KeyError):
            raise RecordingDamaged(
                f"Sample {row['index']} in {folder.shard(int(row['shard']))} has no file {name!r}.",
                index=int(row["index"]),
            ) from None


def _read(folder: Folder, row: Any) -> bytes:
    with _shard_of(folder, row) as shard:
        return os.pread(shard.fileno(), int(row["size"]), int(row["offset"]))


def _shard_of(folder: Folder, row: Any) -> FileIO:
    try:
        return FileIO(folder.shard(int(row["shard"])))
    except OSError as error:
        raise RecordingDamaged(
            f"Sample {row['index']} cannot be read: {error.filename}: {error.strerror}.", index=int(row["index"])
        ) from None


def _is_whole(folder: Folder, row: Any) -> bool:
    return bool(zlib.crc32(_read(folder, row)) == row["checksum"])


def _written_rows(folder: Folder) -> Rows:
    """The rows of the index up to the first one that is torn or damaged."""
    content = folder.index.read_bytes() if folder.index.exists() else b""
    rows = np.frombuffer(content, ROW, len(content) // ROW.itemsize)
    bytes_of = memoryview(content)
    checks = [zlib.crc32(bytes_of[start : start + CHECKED]) for start in range(0, rows.nbytes, ROW.itemsize)]
    good = rows["own"] == np.array(checks, np.uint32)
    return rows if good.all() else rows[: good.argmin()]


def _check_shards(folder: Folder, rows: Rows) -> None:
    numbers, firsts = np.unique(rows["shard"], return_index=True)
    lasts = np.append(firsts, len(rows))[1:] - 1
    for number, first, last in zip(numbers, firsts, lasts, strict=True):
        shard = folder.shard(int(number))
        needed = int(rows["offset"][last] + rows["size"][last])
        size = shard.stat().st_size if shard.exists() else None
        if size is None or (size < needed and last < len(rows) - 1):
            raise RecordingDamaged(
                f"The shard {shard} with the samples {rows['index'][first]} to {rows['index'][last]} "
                + ("is missing" if size is None else f"has {size} bytes of {needed}")
                + f". Copy it again; or remove {folder.index}, and whatever is whole is used without the rest.",
                shard=int(number),
            )


def _found_rows(folder: Folder, rows: Rows) -> Iterator[Rows]:
    """The rows of whole samples that lie behind those of the index."""
    shard, offset, index = (int(rows["shard"][-1]), end_of(rows), int(rows["index"][-1])) if len(rows) else (-1, 0, -1)
    for number in folder.shards():
        if number < shard:
            continue
        with folder.shard(number).open("rb") as archive:
            for piece in pieces(archive.fileno(), offset if number == shard else 0):
                found = _index_in(piece.content)
                if found is not None and found > index:
                    index = found
                    yield make_row(found, number, piece.offset, piece.content)


def _index_in(content: bytes) -> int | None:
    try:
        return index_of(unpacked(content))
    except tarfile.HeaderError:
        return None


def _loss(folder: Folder, rows: Rows, recorded: int) -> str:
    """What is missing, for people.

    A writer that is killed tears the sample which it writes. It enters a sample into the index once that is whole, so
    what the index or the state knows of, and no shard has, was lost later.
    """
    last = f"sample {rows['index'][-1]}" if len(rows) else "the beginning"
    if len(rows) < recorded:
        return (
            f"{folder.path} has {len(rows):,} whole samples of {recorded:,} that were recorded, and nothing whole "
            f"after {last}. The others were cut off or damaged: if you have the shards elsewhere, copy them again."
        )
    if torn := _bytes_behind(folder, rows):
        return f"{folder.path} ends in a sample that is not whole ({torn} bytes after {last}); it is left out."
    return ""


def _bytes_behind(folder: Folder, rows: Rows) -> int:
    """How many bytes lie behind the last whole sample, without zeros at the end."""
    last = int(rows["shard"][-1]) if len(rows) else -1
    behind = 0
    for number in folder.shards():
        if number >= last:
            with folder.shard(number).open("rb") as archive:
                archive.seek(end_of(rows) if number == last else 0)
                behind += len(archive.read().rstrip(b"\0"))
    return behind


def end_of(rows: Rows) -> int:
    """Where the last sample ends in its shard."""
    return int(rows["offset"][-1] + rows["size"][-1])
