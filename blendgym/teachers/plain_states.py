"""States of teachers and sources as plain data that survives JSON, and back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

ARRAY, NUMBER = "array of", "number"
"""Keys of the dicts that stand for what JSON does not have: arrays, and numbers that are not finite."""


UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
"""What comes of reading or unpacking a file that ``packed`` has not made."""


def packed(value: Any) -> Any:
    """Numbers, strings, lists, dicts and NumPy's arrays as plain data; exact to the bit.

    Raises:
        TypeError: If there is anything else in it.
    """
    if isinstance(value, np.ndarray):
        return {ARRAY: value.dtype.str, "shape": list(value.shape), "values": packed(value.ravel().tolist())}
    if isinstance(value, np.generic):
        return packed(value.item())
    if isinstance(value, dict):
        return {str(name): packed(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [packed(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {NUMBER: str(value)}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"Expected numbers, strings, lists, dicts and arrays; got {value!r:.80} ({type(value).__name__}).")


def unpacked(value: Any) -> Any:
    """What ``packed`` was given; tuples come back as lists."""
    if isinstance(value, list):
        return [unpacked(each) for each in value]
    if not isinstance(value, dict):
        return value
    if NUMBER in value:
        return float(value[NUMBER])
    if ARRAY in value:
        return np.array(unpacked(value["values"]), value[ARRAY]).reshape(value["shape"])
    return {name: unpacked(each) for name, each in value.items()}
