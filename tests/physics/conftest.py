"""Fixtures of the physics: one Blender for the experiments of all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from laboratory import Laboratory


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    """Where experiments are made."""
    made = Laboratory()
    yield made
    made.close()
