"""JSON for what has arrays and numbers that are not finite, exact to the bit, and readable by people and programs.

JSON has neither arrays nor NaN. An array of float64 stands as nested lists, any other with its dtype and shape; numbers
that are not finite as ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``.
"""

from __future__ import annotations

import base64
import math
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind")


class _Array(msgspec.Struct, omit_defaults=True):
    """An array that nested lists do not describe.

    Args:
        dtype: Of the array, as NumPy writes it: ``"<f4"``.
        shape: Of the array.
        values: All of them in C's order; ``None`` if only their bytes are exact.
        base64: Their bytes in that order.
    """

    dtype: str
    shape: tuple[int, ...]
    values: list[Any] | None = None
    base64: str = ""


def to_json(value: Any) -> bytes:
    """Structs, dicts, lists, arrays, strings and numbers as JSON."""
    return msgspec.json.encode(_plain(value))


def from_json(content: bytes | memoryview, kind: type[Kind]) -> Kind:
    """What ``to_json`` was given.

    Raises:
        msgspec.DecodeError: If it is no JSON, or not of that type.
    """
    return msgspec.json.decode(content, type=kind, strict=False, dec_hook=lambda _, described: to_array(described))


def to_array(described: Any) -> NDArray[Any]:
    """The array that some decoded JSON describes."""
    if isinstance(described, list):
        return np.array(described, np.float64)
    described = msgspec.convert(described, _Array)
    if described.values is None:
        array = np.frombuffer(base64.b64decode(described.base64), described.dtype).copy()
    else:
        array = np.array(described.values, described.dtype)
    return array.reshape(described.shape)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else _name_of(value)
    if isinstance(value, np.ndarray):
        return _plain_array(value)
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return _plain(value.item()) if isinstance(value, np.generic) else value


def _plain_array(array: NDArray[Any]) -> Any:
    if not _is_exact(array):
        return _Array(array.dtype.str, array.shape, base64=base64.b64encode(array.tobytes()).decode())
    nested = array.dtype == np.float64 and array.ndim > 0 and array.size > 0
    values = (array if nested else array.ravel()).tolist()
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        values = _plain(values)
    return values if nested else _Array(array.dtype.str, array.shape, values)


def _is_exact(array: NDArray[Any]) -> bool:
    """Whether its values as Python's numbers say everything; of a NaN, they do not say which of many it is."""
    if array.dtype.kind in "biu":
        return True
    if array.dtype.kind != "f" or array.itemsize > 8:
        return False
    missing = np.isnan(array)
    return not missing.any() or array[missing].tobytes() == np.full(missing.sum(), np.nan, array.dtype).tobytes()


def _name_of(number: float) -> str:
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
