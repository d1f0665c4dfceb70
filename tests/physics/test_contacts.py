"""Contacts are where collision shapes are near each other, by their closed forms; rays meet what is seen."""

from __future__ import annotations

import math

import pytest

SHAPES = ["BOX", "SPHERE", "CAPSULE", "CYLINDER", "CONE", "CONVEX_HULL", "MESH", "COMPOUND"]
REACH = {"SPHERE": 0.3, "COMPOUND": 0.2}
"""From the origin of a body down to its lowest point; 0.5 m if it is not here."""
GAPS = [-0.01, 0.0, 0.02, 0.3]


@pytest.mark.parametrize("kind", SHAPES)
def test_a_body_above_another_is_at_the_distance_between_their_surfaces(laboratory, kind):
    reach = REACH.get(kind, 0.5)
    found = laboratory.do("shapes.gaps", kind=kind, heights=[reach + gap for gap in GAPS])
    for gap, contacts in zip(GAPS, found, strict=True):
        (contact,) = contacts
        assert contact["pair"] == ["Ground", "Body"]
        assert contact["distance"] == pytest.approx(gap, abs=1e-6)
        assert contact["normal"] == pytest.approx((0.0, 0.0, 1.0), abs=1e-6)
        assert contact["point"][2] == pytest.approx(gap / 2, abs=1e-6)
        assert math.hypot(contact["point"][0] - 0.3, contact["point"][1] - 0.2) < 0.8


@pytest.mark.parametrize(("kind", "grows"), [("SPHERE", 0.0), ("CYLINDER", 0.0), ("CONE", 0.04), ("MESH", 0.04)])
def test_only_some_shapes_grow_by_their_margin(laboratory, kind, grows):
    ((contact,),) = laboratory.do("shapes.gaps", kind=kind, heights=[REACH.get(kind, 0.5) + 0.1], margin=0.04)
    assert contact["distance"] == pytest.approx(0.1 - grows, abs=1e-6)


@pytest.mark.parametrize("kind", SHAPES)
def test_bodies_that_rest_on_others_touch_them_within_a_tenth_of_a_millimetre(laboratory, kind):
    told = laboratory.do("shapes.resting", kind=kind)
    assert told["before"] == 0
    (contact,) = told["after"]
    assert contact["distance"] == pytest.approx(0.0, abs=1e-4)


def test_contacts_are_those_of_pairs_that_the_solver_lets_collide(laboratory):
    told = laboratory.do("shapes.which_pairs")
    assert told["all"] == [
        ["Floor", "Crate"],
        ["Wall", "Crate"],
        ["Wall", "Bound"],
        ["Crate", "Other"],
        ["Crate", "Bound"],
    ]
    assert told["asked"] == told["all"][2:]
    assert "'Nobody'" in told["unknown"]
    assert "got -1.0" in told["within"]


def test_a_ray_meets_what_is_in_its_way_where_it_is_now(laboratory):
    told = laboratory.do("shapes.rays")
    for name, expected in {
        "above": ["Crate", (0.2, 0.1, 2.5), (0.0, 0.0, 1.0), 6.5],
        "fallen": ["Crate", (0.2, 0.1, 1.0), (0.0, 0.0, 1.0), 8.0],
        "beside": ["Ground", (2.0, 0.0, 0.0), (0.0, 0.0, 1.0), 9.0],
        "ball": ["Ball", (3.5, 0.0, 0.5), (1.0, 0.0, 0.0), 5.5],
    }.items():
        hit, point, normal, distance = told[name]
        assert hit == expected[0], name
        assert point == pytest.approx(expected[1], abs=1e-4), name
        assert normal == pytest.approx(expected[2], abs=0.11 if name == "ball" else 1e-5), name  # one of flat faces
        assert distance == pytest.approx(expected[3], abs=1e-4), name
    assert told["short"] is told["away"] is None


def test_rays_that_cannot_be_cast_are_refused(laboratory):
    told = laboratory.do("shapes.rays")
    assert "Task.reset" in told["early"]
    assert "not zero" in told["nowhere"]
    assert "nan" in told["nan"]
