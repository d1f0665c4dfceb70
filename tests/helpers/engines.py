"""The engines, as parameters of tests of what each of them shows."""

from __future__ import annotations

import pytest

from blendgym.images.engines import ENGINES

EACH_ENGINE = [pytest.param(name, marks=pytest.mark.long) if name == "eevee" else name for name in ENGINES]
"""EEVEE compiles its shaders for seconds; every day it has its pictures in ``tests/images/test_settings.py``."""
