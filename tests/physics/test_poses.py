"""Bodies are where the world sees them in the file, whatever they are parented to."""

from __future__ import annotations

import numpy as np
import pytest

QUARTER_TURN = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


@pytest.mark.parametrize("what", ["parent", "parents", "inverse", "deltas", "constraint"])
def test_a_body_begins_where_the_world_sees_it_and_falls_straight(laboratory, what):
    told = laboratory.do("poses.fall_under", what=what)
    for pose, height in ((np.array(told["start"]), 3.0), (np.array(told["end"]), 3.0 - 5.0 * 501 / 500)):
        assert pose[:3, 3] == pytest.approx((1.0, 2.5, height), abs=0.01)
        assert pose[:3, :3] == pytest.approx(QUARTER_TURN, abs=1e-5)


def test_a_hinge_whose_empty_is_a_child_of_its_frame_is_where_it_was_built(laboratory):
    assert laboratory.do("poses.parented_hinge") == pytest.approx([0.5] * 50, abs=0.003)


def test_the_parts_of_a_compound_keep_their_places(laboratory):
    told = laboratory.do("poses.table")
    assert told["table"] == pytest.approx((1.0, 0.0, 0.15), abs=0.01)
    assert told["legs"] == [pytest.approx((x, 0.0, 0.15), abs=0.01) for x in (0.4, 1.6)]
    assert told["bodies"] == ["Ground", "Table"]
    assert "part of the compound body 'Table'" in told["message"]


@pytest.mark.parametrize("of", ["body", "parent"])
def test_a_scale_is_an_error_that_names_the_body_and_the_parent(laboratory, of):
    said = laboratory.do("poses.scaled", scale=2.0, of=of)
    assert said.startswith("SceneError: Body 'Body' is scaled by (2, ")
    assert "Apply" in said
    assert "'Root'" in said


@pytest.mark.parametrize(("scale", "of"), [(1.0000001, "body"), (0.9999999, "parent"), (2.0, "both")])
def test_what_is_no_scale_in_the_end_is_accepted(laboratory, scale, of):
    assert laboratory.do("poses.scaled", scale=scale, of=of) == ""


def test_poses_and_velocities_that_are_none_are_refused(laboratory):
    said = laboratory.do("poses.refused_places")
    assert all("'Body'" in said[name] for name in said if name != "passive")
    assert "'Wall' is passive" in said["passive"]
    assert "quaternion of zeros" in said["zero"]
    assert "scales" in said["scaling"]


def test_a_passive_body_can_be_placed(laboratory):
    assert laboratory.do("poses.moved_wall") == pytest.approx([1.0, 1.2], abs=0.005)
