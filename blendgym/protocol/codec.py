"""Messages to frames and back: one MessagePack header, then one raw buffer for each large array.

In the header an array stands as ``[buffer, dtype, shape]``. The buffer is little-endian, in C order; a small one stands
right there, a larger one in a frame of its own, by whose number it is named. Nothing is ever unpickled or evaluated:
the header is checked against the message's declared types, the dtype against an allow-list, the shape against the size
of the buffer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import MalformedMessage

MAX_HEADER_BYTES = 1 << 20
MAX_FRAMES = 64
INLINE_BYTES = 1024  # A frame of its own costs more than this many bytes in the header.
MAX_DIMENSIONS = 8

WIRE_DTYPES: dict[str, np.dtype[Any]] = {
    name: np.dtype(name).newbyteorder("<")
    for name in (
        "bool",
        "int8", "int16", "int32", "int64",
        "uint8", "uint16", "uint32", "uint64",
        "float16", "float32", "float64",
    )
}  # fmt: skip
"""What may cross the wire, by name."""

_NAMES = {dtype.str: name for name, dtype in WIRE_DTYPES.items()}
_NATIVE = {name: dtype.newbyteorder("=") for name, dtype in WIRE_DTYPES.items()}

Message = TypeVar("Message")


class Codec(Generic[Message]):
    """Encodes any message, decodes those of one declared type or union.

    Args:
        receives: The message type, or union of types, that ``decode`` accepts.
    """

    def __init__(self, receives: Any) -> None:
        self._encoder = msgspec.msgpack.Encoder(enc_hook=self._write_array)
        self._decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(receives, dec_hook=self._read_array)
        self._outgoing: list[bytes] = []
        self._incoming: Sequence[bytes] = ()
        self._frames_read = 0

    def encode(self, message: msgspec.Struct) -> list[bytes]:
        """The frames of a message, header first.

        Raises:
            MalformedMessage: If an array has a dtype that may not cross the wire.
        """
        self._outgoing = [b""]
        self._outgoing[0] = self._encoder.encode(message)
        return self._outgoing

    def decode(self, frames: Sequence[bytes]) -> Message:
        """The message that some frames stand for. Its arrays own their memory and are writable.

        Raises:
            MalformedMessage: If the frames are anything else than one complete, consistent message.
        """
        if not 1 <= len(frames) <= MAX_FRAMES:
            raise MalformedMessage(f"A message has 1 to {MAX_FRAMES} frames, got {len(frames)}.")
        if len(frames[0]) > MAX_HEADER_BYTES:
            raise MalformedMessage(f"A header has at most {MAX_HEADER_BYTES} bytes, got {len(frames[0])}.")
        self._incoming, self._frames_read = frames, 0
        try:
            message = self._decoder.decode(frames[0])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise MalformedMessage(f"The header of a message cannot be read: {error}.") from None
        if self._frames_read != len(frames) - 1:
            raise MalformedMessage(
                f"A message has {len(frames) - 1} array frames, its header describes {self._frames_read}."
            )
        return message

    def _write_array(self, value: Any) -> tuple[int | bytes, str, tuple[int, ...]]:
        if isinstance(value, np.generic):
            value = np.asarray(value)
        if not isinstance(value, np.ndarray):
            raise MalformedMessage(f"A message holds a {type(value).__name__}, which may not cross the wire.")
        name = _NAMES.get(value.dtype.str)
        if name is None:
            value, name = _little_endian(value)
        buffer = value.tobytes()
        if len(buffer) <= INLINE_BYTES:
            return buffer, name, value.shape
        self._outgoing.append(buffer)
        return len(self._outgoing) - 1, name, value.shape

    def _read_array(self, _type: Any, described: Any) -> NDArray[Any]:
        where, name, shape = _checked_description(described)
        buffer = where if isinstance(where, bytes) else self._frame(where)
        dtype = WIRE_DTYPES[name]
        expected = math.prod(shape) * dtype.itemsize
        if len(buffer) != expected:
            raise ValueError(f"the buffer of an array has {len(buffer)} bytes, {name} {shape} needs {expected}")
        return np.ndarray(shape, dtype, buffer).astype(_NATIVE[name])

    def _frame(self, index: int) -> bytes:
        if index != self._frames_read + 1 or index >= len(self._incoming):
            raise ValueError(f"array frame {index} is missing or out of order")
        self._frames_read = index
        return self._incoming[index]


def _little_endian(value: NDArray[Any]) -> tuple[NDArray[Any], str]:
    wire_dtype = WIRE_DTYPES.get(value.dtype.name)
    if wire_dtype is None:
        raise MalformedMessage(f"Dtype {value.dtype} may not cross the wire; allowed are {', '.join(WIRE_DTYPES)}.")
    return value.astype(wire_dtype), value.dtype.name


def _checked_description(described: Any) -> tuple[int | bytes, str, tuple[int, ...]]:
    """An array's description from a header. A ``ValueError`` becomes part of a message that says where it stands."""
    if not isinstance(described, list) or len(described) != 3:
        raise ValueError("an array is described by [buffer, dtype, shape]")
    where, name, shape = described
    if type(where) is not int and type(where) is not bytes:
        raise ValueError(f"an array's buffer is given as bytes or by the number of its frame, got {where!r:.80}")
    if not isinstance(name, str) or name not in WIRE_DTYPES:
        raise ValueError(f"dtype {name!r:.80} may not cross the wire; allowed are {', '.join(WIRE_DTYPES)}")
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
        raise ValueError(f"a shape is a list of at most {MAX_DIMENSIONS} integers, got {shape!r:.80}")
    if not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError(f"a shape holds integers from 0 up, got {shape!r:.80}")
    return where, name, tuple(shape)
