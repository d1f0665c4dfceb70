"""A parameter of the physics does what building the scene with its value would have done, and is read back."""

from __future__ import annotations

import numpy as np
import pytest

VALUES = {
    "mass": 3.0, "friction": 0.1, "restitution": 0.7, "linear_damping": 0.6, "angular_damping": 0.6, "gravity": 4.0,
    "lower": -0.2, "upper": 0.3, "stiffness": 120.0, "damping": 0.04,
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), VALUES.items())
def test_a_scene_moves_as_if_it_had_been_built_with_the_value(laboratory, name, value):
    told = laboratory.do("bindings.given_and_built", name=name, value=value)
    assert told["read"] == pytest.approx(value, rel=1e-5)
    np.testing.assert_allclose(told["given"], told["built"], rtol=0, atol=1e-5 if name == "damping" else 0.0)
    assert np.abs(np.subtract(told["given"], told["plain"])).max() > 0.01
    np.testing.assert_array_equal(told["again"], told["plain"])


def test_limits_and_springs_that_are_not_there_are_refused(laboratory):
    spring, hinge, axis = laboratory.do("bindings.refused")
    assert "no limits" in spring
    assert "no spring 'z'" in hinge
    assert "no spring 'x'" in axis
