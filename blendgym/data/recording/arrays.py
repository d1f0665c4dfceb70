"""Arrays as files of their own, which other programs read: PNG for colours, compressed NumPy files for all others."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.data.recording.deflate import from_gzip, to_gzip
from blendgym.data.recording.png import from_png, to_png
from blendgym.errors import InvalidOption

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
    file = io.BytesIO()
    np.save(file, np.asarray(array, order="C"), allow_pickle=False)
    return f"{name}.{NPY}", to_gzip(file.getvalue())


def from_file(name: str, content: memoryview) -> NDArray[Any]:
    """The array of a file that ``to_file`` made, bit for bit; it is writable."""
    if name.endswith(f".{PNG}"):
        return from_png(content)
    array: NDArray[Any] = np.load(io.BytesIO(from_gzip(content)), allow_pickle=False)
    return array
