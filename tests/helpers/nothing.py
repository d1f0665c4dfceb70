"""A scene in which there is nothing, not even a camera."""

from __future__ import annotations

from typing import Any


def build(scene: Any) -> None:
    """Leaves it as it is."""
