"""Messages to frames and back: one MessagePack header, then one raw buffer for each large array.

In the header an array stands as ``[buffer, dtype, shape]``. The buffer is little-endian, in C order; a small one stands
right there, a larger one in a frame of its own, by whose number it is named. Nothing is ever unpickled or evaluated:
the header is checked against the message's declared types, the dtype against an allow-list, the shape against the size
of the buffer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import MalformedMessage

MAX_HEADER_BYTES = 1 << 24
MAX_FRAMES = 256
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

_NATIVE_NAMES = {dtype.char: name for name, dtype in WIRE_DTYPES.items() if dtype.isnative}
"""By the letter that NumPy has for a dtype, which is found faster than the dtype itself."""

INTEGERS = {int}
"""The types of what a shape consists of; 1.0 and True are as good as 1 as keys."""

MAX_FORMS = 64
"""Dtypes and shapes that were read before, and need not be looked at again."""

Message = TypeVar("Message")

Buffer = bytes | bytearray | memoryview
"""A frame. One that is a ``bytearray`` is the reader's own."""


class _DescribedArray(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """An array as it stands in a header.

    Args:
        buffer: Its bytes, or the number of the frame that has them.
        dtype: A name of ``WIRE_DTYPES``.
        shape: Its shape.
    """

    buffer: int | bytes
    dtype: str
    shape: Annotated[tuple[Annotated[int, msgspec.Meta(ge=0)], ...], msgspec.Meta(max_length=MAX_DIMENSIONS)]


class _Form(NamedTuple):
    """What the bytes of an array are.

    Args:
        dtype: Of the array.
        shape: Of the array.
        bytes: How many there have to be.
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    bytes: int


class Codec(Generic[Message]):
    """Encodes any message, decodes those of one declared type or union.

    Args:
        receives: The message type, or union of types, that ``decode`` accepts.
    """

    def __init__(self, receives: Any) -> None:
        self._encoder = msgspec.msgpack.Encoder(enc_hook=self._write_array)
        self._decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(receives, dec_hook=self._read_array)
        self._outgoing: list[Buffer] = []
        self._incoming: Sequence[Buffer] = ()
        self._frames_read = 0
        self._forms: dict[tuple[Any, ...], _Form] = {}

    def encode(self, message: msgspec.Struct) -> list[Buffer]:
        """The frames of a message, header first. Large arrays are not copied: they must stay as they are.

        Raises:
            MalformedMessage: If an array has a dtype that may not cross the wire.
        """
        self._outgoing = [b""]
        self._outgoing[0] = self._encoder.encode(message)
        return self._outgoing

    def decode(self, frames: Sequence[Buffer]) -> Message:
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
        if not isinstance(value, np.ndarray):
            if not isinstance(value, np.generic):
                raise MalformedMessage(f"A message holds a {type(value).__name__}, which may not cross the wire.")
            value = np.asarray(value)
        dtype = value.dtype
        name = _NATIVE_NAMES.get(dtype.char) if dtype.isnative else None
        if name is None:
            value, name = _little_endian(value)
        if value.nbytes <= INLINE_BYTES:
            return value.tobytes(), name, value.shape
        self._outgoing.append(np.ascontiguousarray(value).data.cast("B"))
        return len(self._outgoing) - 1, name, value.shape

    def _read_array(self, _type: Any, described: Any) -> NDArray[Any]:
        buffer, (dtype, shape, expected) = self._known(described) or self._understood(described)
        sent = buffer if isinstance(buffer, bytes) else self._frame(buffer)
        if len(sent) != expected:
            raise ValueError(f"an array's buffer has {len(sent)} bytes, {dtype} {shape} needs {expected}")
        own = sent if isinstance(sent, bytearray) else bytearray(sent)
        received: NDArray[Any] = np.ndarray(shape, dtype, own)
        return received if dtype.isnative else received.astype(dtype.newbyteorder("="))

    def _known(self, described: Any) -> tuple[int | bytes, _Form] | None:
        """The same as ``_understood`` for a form that was understood before."""
        try:
            buffer, name, shape = described
            form = self._forms[name, *shape]
        except (TypeError, ValueError, KeyError):
            return None
        is_declared = type(buffer) in (bytes, int) and type(shape) is list and set(map(type, shape)) <= INTEGERS
        return (buffer, form) if is_declared else None

    def _understood(self, described: Any) -> tuple[int | bytes, _Form]:
        """The buffer of an array, or its frame, and what its bytes are."""
        array = msgspec.convert(described, _DescribedArray)
        dtype = WIRE_DTYPES.get(array.dtype)
        if dtype is None:
            raise ValueError(f"dtype {array.dtype!r:.80} may not cross the wire; allowed are {', '.join(WIRE_DTYPES)}")
        form = _Form(dtype, array.shape, math.prod(array.shape) * dtype.itemsize)
        if len(self._forms) < MAX_FORMS:
            self._forms[array.dtype, *array.shape] = form
        return array.buffer, form

    def _frame(self, index: int) -> Buffer:
        if index != self._frames_read + 1 or index >= len(self._incoming):
            raise ValueError(f"array frame {index} is missing or out of order")
        self._frames_read = index
        return self._incoming[index]


def _little_endian(value: NDArray[Any]) -> tuple[NDArray[Any], str]:
    wire_dtype = WIRE_DTYPES.get(value.dtype.name)
    if wire_dtype is None:
        raise MalformedMessage(f"Dtype {value.dtype} may not cross the wire; allowed are {', '.join(WIRE_DTYPES)}.")
    return value.astype(wire_dtype), value.dtype.name
