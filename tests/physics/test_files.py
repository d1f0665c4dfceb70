"""What a file was saved with beside its scene changes nothing: frames, caches, keys; and what it animates stays so."""

from __future__ import annotations

import numpy as np
import pytest

FALLEN = 3.0 - 5.0 * 0.5**2 * 1.01  # after 0.5 s, in 100 physics steps that gain speed before they move


@pytest.mark.parametrize("first_frame", [1, 50])
@pytest.mark.parametrize("state", ["played", "baked", "keys", "driver"])
def test_a_body_begins_where_the_file_places_it_whatever_was_played_before(laboratory, tmp_path, state, first_frame):
    told = laboratory.do("files.saved", path=str(tmp_path / "saved.blend"), state=state, first_frame=first_frame)
    assert told["heights"] == pytest.approx([3.0, FALLEN] * 2, abs=0.001)
    assert told["time"] == pytest.approx(0.5)


@pytest.mark.parametrize("first_frame", [1, 50])
@pytest.mark.parametrize("control_rate", [20.0, 24.0, 50.0])
def test_animated_bodies_follow_their_keys_in_seconds_and_carry_others(laboratory, tmp_path, first_frame, control_rate):
    path = str(tmp_path / "animated.blend")
    told = laboratory.do("files.animated", path=path, first_frame=first_frame, control_rate=control_rate)
    times = np.arange(round(control_rate) + 1) / control_rate
    first, second = np.array(told["episodes"])
    np.testing.assert_array_equal(first, second)
    shelf, platform, rider, box = np.moveaxis(first, 1, 0)
    assert shelf == pytest.approx(np.tile((3.0, 0.0, 1.0), (len(times), 1)), abs=1e-6)
    assert platform[:, 2] == pytest.approx(0.5 + 0.8 * times, abs=0.001)
    assert rider == pytest.approx(platform + np.array((2.0, 0.0, 0.0)), abs=0.001)
    assert box[:, 2] == pytest.approx(1.1 + 0.8 * times, abs=0.03)
    assert told["speed"] == pytest.approx(0.8, abs=0.001)
    assert "'Platform' cannot be placed" in told["message"]


def test_keys_that_let_a_body_go_are_an_error_with_a_cure(laboratory):
    assert "The physics of 'Body' is animated" in laboratory.do("files.keyed_release")


@pytest.mark.parametrize(
    ("use", "weight", "value", "told"),
    [
        (True, 1.0, None, (10.0, 10.0)),
        (False, 1.0, None, (0.0, 0.0)),
        (True, 0.5, None, (5.0, 5.0)),
        (False, 0.2, 4.0, (0.0, 4.0)),
    ],
)
def test_gravity_is_what_the_solver_uses(laboratory, use, weight, value, told):
    before, after, fallen = laboratory.do("files.gravity", use=use, weight=weight, value=value)
    assert (before, after) == pytest.approx(told)
    assert fallen == pytest.approx(told[1] / 2 * 1.002, abs=0.001)


def test_units_other_than_metres_are_refused(laboratory):
    assert laboratory.do("files.units", system="METRIC", scale=1.0) == ""
    assert laboratory.do("files.units", system="NONE", scale=0.01) == ""
    said = laboratory.do("files.units", system="METRIC", scale=0.01)
    assert "has a unit scale of 0.01" in said
    assert "Set Scene > Units > Unit Scale to 1" in said


def test_a_file_without_physics_is_a_world_without_bodies(laboratory, tmp_path):
    assert laboratory.do("files.without_physics", path=str(tmp_path / "still.blend")) == ["0.50", "0.00"]


def test_a_world_can_be_made_again_of_the_same_scene(laboratory):
    heights = laboratory.do("files.rebuilt")
    assert heights == pytest.approx([1.0, 0.0, 3.0 - 1.25 * 1.004] * 3, abs=1e-5)


def test_scenes_side_by_side_are_alike(laboratory, tmp_path):
    places = laboratory.do("files.slots", path=str(tmp_path / "slots.blend"))
    assert places[:3] == [pytest.approx((1.0, 0.0, 3.0))] * 3
    assert places[3] == places[4] == places[5] == pytest.approx((1.0, 0.0, FALLEN), abs=0.001)
