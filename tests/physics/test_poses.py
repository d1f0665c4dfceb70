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


def test_a_sheared_body_is_an_error_that_names_it_and_its_parent(laboratory):
    said = laboratory.do("poses.sheared")
    assert "Body 'Body' is sheared" in said
    assert "'Root'" in said


@pytest.mark.parametrize(
    ("scale", "of"),
    [(1.0000001, "body"), (0.9999999, "parent"), (2.0, "both"), (2.0, "body"), (0.3, "parent")],
)
def test_a_scaled_body_is_where_plain_blender_has_it_and_measured_without_its_scale(laboratory, scale, of):
    told = laboratory.do("poses.scaled", scale=scale, of=of)
    np.testing.assert_allclose(told["ours"], told["blender's"], atol=1e-3)  # Contacts magnify what is rounded off.
    assert np.linalg.det(told["pose"]) == pytest.approx(1.0, abs=1e-6)
    assert told["speed"] == pytest.approx(told["spin"], abs=1e-3)


def test_poses_and_velocities_that_are_none_are_refused(laboratory):
    said = laboratory.do("poses.refused_places")
    assert all("'Body'" in said[name] for name in said if name != "passive")
    assert "'Wall' is passive" in said["passive"]
    assert "quaternion of zeros" in said["zero"]
    assert "scales" in said["scaling"]


def test_a_passive_body_can_be_placed(laboratory):
    assert laboratory.do("poses.moved_wall") == pytest.approx([1.0, 1.2], abs=0.005)
