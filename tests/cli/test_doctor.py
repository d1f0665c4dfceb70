"""What ``blendgym doctor`` makes of the packages beside Blender."""

from __future__ import annotations

import pytest

from blendgym.cli.doctor import remark_on_numpy

OF_4_5 = ["cython", "numpy<2.0,>=1.26", "requests"]


def test_a_numpy_that_bpy_does_not_ask_for_is_remarked_on():
    assert "NumPy 2.3.5 is newer than this bpy asks for" in remark_on_numpy("2.3.5", OF_4_5)


@pytest.mark.parametrize(("version", "requirements"), [("1.26.4", OF_4_5), ("2.3.5", ["numpy>=2.2"]), ("2.3.5", [])])
def test_others_are_not(version, requirements):
    assert remark_on_numpy(version, requirements) is None
