"""Arrays as files of their own, which other programs read: PNG for colours, compressed NumPy files for all others."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
from numpy.lib import format as _format
from numpy.typing import NDArray

from blendgym.data.recording.deflate import from_gzip, to_gzip
from blendgym.data.recording.png import from_png, to_png
from blendgym.errors import InvalidOption

npy: Any = _format  # NumPy does not type it.
PNG, NPY = "png", "npy.gz"


def to_file(name: str, array: NDArray[Any]) -> tuple[str, bytes]:
    """The file's name, with its suffix, and its content.

    Raises:
        InvalidOption: If it is an array of Python objects.
    """
    if array.dtype == np.uint8 and array.ndim == 3 and array.shape[2] == 3 and array.size:
        return f"{name}.{PNG}", to_png(array)
    if array.dtype.hasobject:
        raise InvalidOption(f"The array {name!r} has dtype {array.dtype}; a recording takes numbers and strings only.")
    header, array = io.BytesIO(), np.asarray(array, order="C")
    npy.write_array_header_1_0(header, npy.header_data_from_array_1_0(array))
    return f"{name}.{NPY}", to_gzip(header.getvalue() + array.tobytes())


def from_file(name: str, content: memoryview) -> NDArray[Any]:
    """The array of a file that ``to_file`` made, bit for bit; it is writable."""
    if name.endswith(f".{PNG}"):
        return from_png(content)
    file = from_gzip(content)
    reader = io.BytesIO(file)
    npy.read_magic(reader)
    shape, _, dtype = npy.read_array_header_1_0(reader)
    return np.frombuffer(file, dtype, math.prod(shape), reader.tell()).reshape(shape).copy()
