"""The infos of many environments, as Gymnasium batches them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def info_of(infos: Mapping[str, Any], row: int) -> dict[str, Any]:
    """What the infos of all environments say of one: its own info."""
    own: dict[str, Any] = {}
    for name, value in infos.items():
        if name.startswith("_") or not infos[f"_{name}"][row]:
            continue
        own[name] = info_of(value, row) if isinstance(value, dict) else _plain(value[row])
    return own


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
