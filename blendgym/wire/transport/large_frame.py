"""A frame that is too long for a buffer that others come after: it is received where it can stay."""

from __future__ import annotations


class LargeFrame:
    """A frame of which only a part has arrived, in memory of its own.

    Args:
        flags: Of the frame.
        length: Of its body.
        begun: What has arrived of that.

    Attributes:
        flags: Of the frame.
        body: Of the frame; void where nothing has arrived yet.
    """

    def __init__(self, flags: int, length: int, begun: memoryview) -> None:
        self.flags, self.body = flags, bytearray(length)
        self._view, self._arrived = memoryview(self.body), len(begun)
        self._view[: len(begun)] = begun

    @property
    def is_complete(self) -> bool:
        """Whether all of it has arrived."""
        return self._arrived == len(self.body)

    def space(self) -> memoryview:
        """Where the next bytes belong."""
        return self._view[self._arrived :]

    def take(self, count: int) -> None:
        """Takes that many bytes from the beginning of the space."""
        self._arrived += count
