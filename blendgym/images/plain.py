"""Plain data out of what users have at hand."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np


def plain(value: Any) -> Any:
    """Numbers, strings, lists and dicts in place of NumPy's scalars and arrays, at any depth.

    Raises:
        TypeError: If there is anything else in it.
    """
    return msgspec.to_builtins(value, enc_hook=_plain_numpy)


def _plain_numpy(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"Expected plain data, got {value!r:.80} ({type(value).__name__})")
