"""Where the fields of Blender's structures lie in a ``.blend``: every file describes its own."""

from __future__ import annotations

import math
import re
import struct

POINTER_BYTES = 8
IDENTIFIER, LENGTH = re.compile(r"\w+"), re.compile(r"\[(\d+)\]")


class Layout:
    """The structures of a file, as its block ``DNA1`` describes them.

    Args:
        content: Of that block.

    Raises:
        ValueError: If it is no such description, or is cut off.
    """

    def __init__(self, content: bytes) -> None:
        self._content, self._place = content, len(b"SDNA")
        self._names = self._texts(self._count(b"NAME"))
        self._types = self._texts(self._count(b"TYPE"))
        self._find(b"TLEN")
        self._sizes = self._shorts(len(self._types))
        self._structures = dict(self._structure() for _ in range(self._count(b"STRC")))

    def offset(self, structure: str, *path: str) -> int:
        """How many bytes behind the beginning of a structure a field lies, or a field of that field, and so on."""
        total = 0
        for name in path:
            place, structure = self._structures[structure][name]
            total += place
        return total

    def _structure(self) -> tuple[str, dict[str, tuple[int, str]]]:
        """The name of the next structure, and of each of its fields the place and the type."""
        kind, count = self._shorts(2)
        numbers = iter(self._shorts(2 * count))
        fields, place = {}, 0
        for of_type, of_name in zip(numbers, numbers, strict=True):
            declared = self._names[of_name]  # Such as "*next", "name[64]" or "(*function)()".
            fields[IDENTIFIER.findall(declared)[0]] = place, self._types[of_type]
            size = POINTER_BYTES if declared[0] in "*(" else self._sizes[of_type]
            place += size * math.prod(map(int, LENGTH.findall(declared)))
        return self._types[kind], fields

    def _find(self, code: bytes) -> None:
        """Goes behind a code, which begins at a multiple of four bytes."""
        self._place += -self._place % 4
        if self._content[self._place : self._place + 4] != code:
            raise ValueError(f"its description has no {code.decode()}")
        self._place += 4

    def _count(self, code: bytes) -> int:
        self._find(code)
        (count,) = struct.unpack_from("<i", self._content, self._place)
        self._place += 4
        return int(count)

    def _texts(self, count: int) -> list[str]:
        texts = []
        for _ in range(count):
            end = self._content.index(0, self._place)
            texts.append(self._content[self._place : end].decode())
            self._place = end + 1
        return texts

    def _shorts(self, count: int) -> tuple[int, ...]:
        numbers = struct.unpack_from(f"<{count}h", self._content, self._place)
        self._place += 2 * count
        return numbers
