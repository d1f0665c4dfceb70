"""A body that is held within an episode stays where it is, and falls from rest when it is let go of."""

from __future__ import annotations

import numpy as np
import pytest

GRAVITY, FRAME = 10.0, 0.02
REST = [0.0] * 3


@pytest.mark.parametrize("frames_per_step", [1, 5])
def test_a_held_body_stays_and_is_let_go_of_elsewhere_without_touching_what_is_on_the_way(laboratory, frames_per_step):
    first, second = laboratory.do("holding.dropped", frames_per_step=frames_per_step)["episodes"]
    assert first == second
    for position, _, velocity, spin in first["held"]:
        assert position == pytest.approx((3.0, 0.0, 0.0), abs=1e-6)
        assert (velocity, spin) == (REST, REST)
    before, after = first["posts"]
    assert before == after
    for position, orientation, velocity, _ in first["rows"]:
        assert position == pytest.approx((1.0, -2.0, 5.0), abs=1e-6)
        assert orientation == pytest.approx((0.8, 0.0, 0.6, 0.0), abs=1e-6)
        assert velocity == pytest.approx(REST, abs=1e-6)


@pytest.mark.parametrize("substeps", [1, 10, 40])
@pytest.mark.parametrize("pose", [False, True])
def test_it_falls_from_rest_as_mechanics_has_it_from_the_frame_on_that_is_promised(laboratory, substeps, pose):
    heights, velocities = np.array(laboratory.do("holding.released", substeps=substeps, pose=pose)).T
    waiting = 2 if pose else 1
    times = FRAME * np.maximum(np.arange(1, 21) - waiting, 0)
    assert heights == pytest.approx(-GRAVITY / 2 * times * (times + FRAME / substeps), abs=2e-5)
    assert velocities[:waiting] == pytest.approx(0.0, abs=1e-6)
    assert velocities[waiting + 3 :] == pytest.approx(-GRAVITY * times[waiting + 3 :], abs=1e-3)


def test_a_body_is_caught_in_flight_carried_into_another_and_let_go_of_at_rest(laboratory):
    told = laboratory.do("holding.caught")
    first, second = told["episodes"]
    assert first == second
    assert first["caught"][2] == pytest.approx((0.0, 0.0, 2.0), abs=1e-3)
    assert first["held"][:2] == [pytest.approx(part, abs=1e-6) for part in first["caught"][:2]]
    assert first["held"][2:] == [pytest.approx(REST, abs=1e-5)] * 2
    assert first["carried"][0] == pytest.approx((1.0, 0.0, 0.0), abs=1e-6)
    assert first["carried"][2] == pytest.approx((2.0, 0.0, 0.0), abs=1e-3)
    assert first["other"][2][0] >= 2.0, "what it meets is pushed"
    assert first["let go"][0] == pytest.approx((1.0, 0.0, 0.0), abs=1e-5)
    assert first["let go"][2:] == [pytest.approx(REST, abs=1e-5)] * 2
    assert told["next episode"][0] == pytest.approx((0.0, 0.0, 1.0), abs=1e-4)


def test_boxes_are_stacked_one_by_one_within_an_episode(laboratory):
    states = laboratory.do("holding.stacked", frames=50)
    for count, boxes in enumerate(states, start=1):
        for number, (position, _, velocity, _) in enumerate(boxes):
            here = (0.0, 0.0, 0.1 + 0.2 * number) if number < count else (9.0, number, 0.0)
            assert position == pytest.approx(here, abs=1e-4)
            assert velocity == pytest.approx(REST, abs=1e-3)


def test_what_cannot_be_held_or_let_go_of_is_refused(laboratory):
    said = laboratory.do("holding.refused")
    assert said["in reset"] == "Body 'Free' is released in a running episode, not in Task.reset."
    assert "'Wall' cannot be held: it is passive or animated" in said["wall"]
    assert "'Arm' cannot be held: joint 'Hinge' holds it" in said["arm"]
    assert "The position of body 'Free' has to be 3 finite numbers" in said["nowhere"]
    assert said["again"] == "Body 'Free' cannot be released: it is not held."
    assert "'Free' cannot be moved: hold() it" in said["moved"]
