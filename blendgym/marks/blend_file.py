"""Reading a custom property of a ``.blend`` without Blender, in milliseconds.

A file is a row of blocks, each with the address that it had in memory. The last one, ``DNA1``, describes the structures
that they hold. Addresses of ``DATA`` are unique among the blocks of the same scene only.
"""

from __future__ import annotations

import gzip
import re
import struct
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import IO, Any, NamedTuple

from blendgym.errors import SceneNotFound
from blendgym.marks.blend_layout import Layout

HEADER = re.compile(rb"BLENDER(?:-v\d{3}|17-01v\d{4})")
"""From Blender 2.8 on, and from 5.0 on."""

HEADS = {12: struct.Struct("<4siQii"), 17: struct.Struct("<4siQqq")}
"""The beginning of a block, by the length of the file's header."""

POINTER = struct.Struct("<Q")
ZSTANDARD, GZIP = b"\x28\xb5\x2f\xfd", b"\x1f\x8b"
TEXT = 0
"""The type of a custom property that is a text."""

MOST_BYTES = 1 << 26
"""Of a block that is read. Those of scenes are small; larger lengths are those of damaged files."""


class _Block(NamedTuple):
    code: bytes
    address: int
    content: bytes


def scene_text(file: Path, name: str) -> str | None:
    """A custom property of the scene that a file opens with.

    Args:
        file: The ``.blend``.
        name: Of the property.

    Returns:
        The text; ``None`` if the scene has no such property, or one that is no text.

    Raises:
        SceneNotFound: If the file cannot be read, is damaged, or is no ``.blend`` of Blender 2.8 or later.
    """
    try:
        with file.open("rb") as raw, _unpacked(raw, file) as stream:
            return _text([*_blocks(stream)], name)
    except SceneNotFound:
        raise
    except Exception as error:  # Damaged files make their readers raise anything.
        raise SceneNotFound(
            f"Scene file {str(file)!r} cannot be read: {error}. It is damaged, or no .blend of Blender 2.8 or later; "
            "save it once more in Blender."
        ) from None


def _unpacked(raw: IO[bytes], file: Path) -> Any:
    start = raw.read(len(ZSTANDARD))
    raw.seek(0)
    if start.startswith(GZIP):
        return gzip.open(raw)
    if start != ZSTANDARD:
        return raw
    try:
        import zstandard
    except ImportError:
        raise SceneNotFound(
            f"Scene file {str(file)!r} is compressed, and this Python has no zstandard to read it with. Install it "
            "(pip install zstandard; bpy brings it), or save the file in Blender without 'Compress'."
        ) from None
    return zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)


def _blocks(stream: IO[bytes]) -> Iterator[_Block]:
    """Those that are about scenes, and the one that describes them."""
    start = stream.read(min(HEADS))
    if start.startswith(b"BLENDER17"):
        start += stream.read(max(HEADS) - len(start))
    if not HEADER.fullmatch(start):
        raise ValueError("it does not begin as such a file does")
    head = HEADS[len(start)]
    is_about_scene = False
    while True:
        code, first, address, later, _ = head.unpack(stream.read(head.size))
        size = later if len(start) == 17 else first  # Blender 5.0 has put it behind the address.
        is_about_scene = code == b"SC\0\0" or (is_about_scene and code == b"DATA")
        if code == b"ENDB":
            return
        if is_about_scene or code in (b"GLOB", b"DNA1"):
            yield _Block(code, address, _exactly(stream, size))
        else:
            stream.seek(size, 1)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    if not 0 <= size <= MOST_BYTES:
        raise ValueError(f"it has a block of {size} bytes")
    content = b""
    while len(content) < size and (more := stream.read(size - len(content))):
        content += more
    if len(content) < size:
        raise EOFError("it is cut off")
    return content


def _text(blocks: list[_Block], name: str) -> str | None:
    at = Layout(_content(blocks, b"DNA1")).offset
    (opened,) = POINTER.unpack_from(_content(blocks, b"GLOB"), at("FileGlobal", "curscene"))
    place = next(place for place, block in enumerate(blocks) if block.code[:2] == b"SC" and block.address == opened)
    data = {block.address: block.content for block in takewhile(_is_data, blocks[place + 1 :])}
    (group,) = POINTER.unpack_from(blocks[place].content, at("Scene", "id", "properties"))
    if not group:
        return None
    (link,) = POINTER.unpack_from(data[group], at("IDProperty", "data", "group", "first"))
    while link:
        content = data.pop(link)  # A damaged file may go round in circles.
        if content[at("IDProperty", "type")] == TEXT and _until_zero(content[at("IDProperty", "name") :]) == name:
            return _until_zero(data[POINTER.unpack_from(content, at("IDProperty", "data", "pointer"))[0]])
        (link,) = POINTER.unpack_from(content, at("IDProperty", "next"))
    return None


def _content(blocks: list[_Block], code: bytes) -> bytes:
    return next(block.content for block in blocks if block.code == code)


def _is_data(block: _Block) -> bool:
    return block.code == b"DATA"


def _until_zero(content: bytes) -> str:
    return content.partition(b"\0")[0].decode()
