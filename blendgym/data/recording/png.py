"""PNG images, written and read fast: every row as the difference to the one above.

Libraries try five filters on each row, which takes most of their time; renders are about as small with this one.
"""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.data.recording.deflate import from_zlib, to_zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">IIBBBBB")
GREY, RGB, UP = 0, 2, 2


def to_png(image: NDArray[Any]) -> bytes:
    """A lossless PNG.

    Args:
        image: Colours, uint8 (height, width, 3), or greys, uint8 or uint16 (height, width); not empty.
    """
    height, width = image.shape[:2]
    rows = np.ascontiguousarray(image, image.dtype.newbyteorder(">")).view(np.uint8).reshape(height, -1)
    filtered = np.empty((height, 1 + rows.shape[1]), np.uint8)
    filtered[:, 0] = UP
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    header = HEADER.pack(width, height, 8 * image.itemsize, RGB if image.ndim == 3 else GREY, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", to_zlib(filtered.data)), _chunk(b"IEND", b""))
    return b"".join((SIGNATURE, *chunks))


def from_png(content: memoryview) -> NDArray[np.uint8]:
    """The colours that ``to_png`` was given; other PNGs are not read."""
    start = len(SIGNATURE) + 8
    width, height = HEADER.unpack_from(content, start)[:2]
    start += HEADER.size + 4
    (length,) = struct.unpack_from(">I", content, start)
    filtered = np.frombuffer(from_zlib(content[start + 8 : start + 8 + length]), np.uint8).reshape(height, -1)
    rows = filtered[:, 1:].copy()
    for above, row in pairwise(rows):
        row += above
    return rows.reshape(height, width, 3)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(kind))
    return b"".join((struct.pack(">I", len(content)), kind, content, struct.pack(">I", check)))
