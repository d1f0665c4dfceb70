"""Collision shapes are known as the solver has them: their size, and how they resist being turned."""

from __future__ import annotations

import math

import pytest

SHAPES = ["BOX", "SPHERE", "CAPSULE", "CYLINDER", "CONE", "CONVEX_HULL", "MESH", "COMPOUND"]

MOMENTS = {
    "BOX": (0.6**2 + 1.0, 0.4**2 + 1.0, 0.4**2 + 0.6**2),
    "SPHERE": (4.8 * 0.3**2,) * 3,
    "CAPSULE": (0.4**2 + 1.0, 0.4**2 + 1.0, 2 * 0.4**2),  # that of its bounding box
    "CYLINDER": (3 * 0.3**2 + 1.0, 3 * 0.3**2 + 1.0, 6 * 0.3**2),
    "CONE": (0.6**2 + 1.0, 0.6**2 + 1.0, 2 * 0.6**2),  # that of its bounding box
    "CONVEX_HULL": (0.6**2 + 1.0, 0.6**2 + 1.0, 2 * 0.6**2),  # that of its bounding box
    "MESH": (12 * 0.5**2 + 6 * 0.3**2,) * 2 + (12 * 0.3**2,),  # all mass is in its vertices
    "COMPOUND": (2 * 0.4**2, 1.3**2 + 0.4**2, 1.3**2 + 0.4**2),  # that of the bounding box of its parts
}
"""Of 12 kg, in kg·m²: a box has the sum of the squares of its two other sides."""


@pytest.mark.parametrize("kind", SHAPES)
def test_the_inertia_of_a_body_is_told_as_the_solver_has_it(laboratory, kind):
    told, measured = laboratory.do("shapes.inertia", kind=kind)
    assert told == pytest.approx([moment / 6 for moment in MOMENTS[kind]], rel=1e-6)
    assert measured == pytest.approx(told, rel=1e-4)


@pytest.mark.parametrize("has_margin", [True, False])
@pytest.mark.parametrize("kind", SHAPES[:-1])
def test_inertia_is_told_with_margins_as_the_solver_has_it(laboratory, kind, has_margin):
    told, measured = laboratory.do("shapes.inertia", kind=kind, margin=0.04, has_margin=has_margin)
    assert measured == pytest.approx(told, rel=2e-3)


@pytest.mark.parametrize("kind", ["BOX", "CYLINDER", "MESH"])
def test_inertia_is_told_of_scaled_bodies_as_the_solver_has_it(laboratory, kind):
    told, measured = laboratory.do("shapes.inertia", kind=kind, scale=1.5)
    assert measured == pytest.approx(told, rel=1e-4)


def test_solids_of_the_toolbox_are_closed_and_as_large_as_they_are_said_to_be(laboratory):
    told = laboratory.do("shapes.dimensions")
    around = 32 / math.tau * math.sin(math.tau / 32)  # of 32 faces around, as a share of a circle
    for kind, size, volume in (
        ("BOX", (0.4, 0.6, 1.0), 0.24),
        ("SPHERE", (0.6, 0.6, 0.6), around * 4 / 3 * math.pi * 0.3**3),
        ("CAPSULE", (0.4, 0.4, 1.0), around * math.pi * (0.2**2 * 0.6 + 4 / 3 * 0.2**3)),
        ("CYLINDER", (0.6, 0.6, 1.0), around * math.pi * 0.3**2),
        ("CONE", (0.6, 0.6, 1.0), around * math.pi * 0.3**2 / 3),
    ):
        *dimensions, measured, is_closed = told[kind]
        assert is_closed, kind
        assert dimensions == pytest.approx(size, rel=1e-6), kind
        assert measured == pytest.approx(volume, rel=0.015), kind
