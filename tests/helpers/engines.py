"""The engines, as parameters of tests of what each of them shows."""

from __future__ import annotations

import pytest

from blendgym.images.engines import ENGINES


def each_of(names):
    """Engines as parameters of a test: EEVEE compiles its shaders for seconds, and is left to the long tests.

    Every day it has its pictures in ``tests/images/test_settings.py``.
    """
    return [pytest.param(name, marks=pytest.mark.long) if name == "eevee" else name for name in names]


EACH_ENGINE = each_of(ENGINES)
