"""Teachers whose distribution is a box: the fixed schedule, and automatic domain randomization."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from toy_students import (
    EPISODE_LENGTH,
    GrowingBall,
    ToyStudent,
    Unchanging,
    corner_fails,
    episodes_of,
    succeeds_within,
    teach,
)

from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import PLAIN, Episodes, plain_tasks
from blendgym.parameters.specs import ParameterSpec
from blendgym.teachers import Mix
from blendgym.teachers.automatic import AutomaticDomainRandomization
from blendgym.teachers.distributions.boxes import UnitBox, box_around
from blendgym.teachers.schedule import Schedule

STEP = 0.04
MIDDLE = np.array([0.5, 0.5])
SMALL_STEPS = {
    "boundary_share": 0.3,
    "episodes_per_decision": 24,
    "step": STEP,
    "low_threshold": 0.4,
    "high_threshold": 0.8,
    "initial_width": 0.04,
}


def adr(nominal=MIDDLE, **arguments) -> AutomaticDomainRandomization:
    return AutomaticDomainRandomization(nominal, **SMALL_STEPS | arguments)


def always() -> ToyStudent:
    return Unchanging(lambda unit: np.ones(len(unit)))


def never() -> ToyStudent:
    return Unchanging(lambda unit: np.zeros(len(unit)))


def at_bound(teacher: AutomaticDomainRandomization, tag: int, passed: int, failed: int = 0) -> Episodes:
    """Episodes at one bound as it is now."""
    count = passed + failed
    tasks = plain_tasks(np.full((count, teacher.dimensions), 0.5), teacher.version, tag)
    return episodes_of(tasks, np.arange(count) < passed)


def decide(teacher: AutomaticDomainRandomization, tag: int, passed: int, failed: int = 0) -> None:
    teacher.observe(at_bound(teacher, tag, passed, failed))
    teacher.update()


def test_the_entropy_of_a_box_is_its_mean_log_width():
    assert UnitBox(np.zeros(2), np.ones(2)).entropy == 0.0
    assert UnitBox(np.array([0.2, 0.0]), np.array([0.7, 1.0])).entropy == pytest.approx(np.log(0.5) / 2)


@pytest.mark.parametrize(("nominal", "low"), [(0.5, 0.45), (0.0, 0.0), (0.02, 0.0), (1.0, 0.9)])
def test_a_box_around_a_nominal_place_at_the_border_keeps_its_width(nominal, low):
    box = box_around(np.array([nominal]), 0.1)
    assert (box.low[0], box.widths[0]) == (pytest.approx(low), pytest.approx(0.1))


# --- the schedule


@pytest.mark.parametrize(("clock", "duration"), [("episodes", 200), ("steps", 200 * EPISODE_LENGTH)])
@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0, 2.0])
def test_the_schedule_is_where_its_formula_says(clock, duration, share):
    teacher = Schedule(np.array([0.5, 0.1]), duration=duration, clock=clock, initial_width=0.1)
    tasks = plain_tasks(np.full((int(200 * share), 2), 0.5))
    teacher.observe(episodes_of(tasks, np.zeros(len(tasks.unit), np.bool_)))
    teacher.update()
    progress = min(share, 1.0)
    assert teacher.box.low == pytest.approx([0.45 * (1 - progress), 0.05 * (1 - progress)])
    assert teacher.box.high == pytest.approx([0.55 + 0.45 * progress, 0.15 + 0.85 * progress])


def test_the_schedule_moves_when_it_is_updated_and_not_before():
    teacher = Schedule(MIDDLE, duration=100, clock="episodes")
    width = teacher.box.widths[0]
    teacher.observe(episodes_of(plain_tasks(np.full((50, 2), 0.5)), np.ones(50, np.bool_)))
    assert (teacher.box.widths[0], teacher.version) == (width, 0)
    teacher.update()
    assert teacher.box.widths[0] > width
    assert teacher.version == 1


@pytest.mark.parametrize(
    "arguments", [{"duration": 0}, {"duration": float("nan")}, {"clock": "days"}, {"initial_width": 0.0}]
)
def test_a_schedule_without_duration_clock_or_width_is_refused(arguments):
    with pytest.raises(InvalidOption):
        Schedule(MIDDLE, **arguments)


# --- automatic domain randomization: what it ends at


def test_bounds_grow_to_where_the_student_succeeds_and_no_further():
    generator = np.random.default_rng(0)
    teacher = adr()
    student = succeeds_within(np.array([0.2, 0.0]), np.array([0.7, 1.0]))
    teach(teacher, student, generator, rounds=150)
    ends = []
    for _ in range(20):
        teach(teacher, student, generator, rounds=3)
        ends.append(teacher.bounds.copy())
    assert np.all(np.abs(np.array(ends)[:, 0] - [0.2, 0.7]) <= STEP)
    assert np.array(ends)[:, 1] == pytest.approx(np.tile([0.0, 1.0], (20, 1)), abs=STEP)


def test_a_bound_stops_between_the_thresholds_where_success_falls_slowly():
    teacher = adr(np.array([0.02]), episodes_per_decision=400, boundary_share=1.0)
    student = Unchanging(lambda unit: 1.0 - unit[:, 0])  # 0.8 at 0.2, 0.4 at 0.6
    teach(teacher, student, np.random.default_rng(1), rounds=60, count=800)
    assert 0.2 - STEP < teacher.box.high[0] < 0.2 + 2 * STEP


def test_a_dimension_in_which_the_student_fails_does_not_grow_while_the_others_do():
    teacher = adr()
    student = Unchanging(lambda unit: (np.abs(unit[:, 1] - 0.5) < 0.0199).astype(np.float64))
    teach(teacher, student, np.random.default_rng(0), rounds=120)
    assert teacher.box.widths[1] == pytest.approx(0.04)
    assert teacher.box.widths[0] > 0.8


def test_the_box_follows_a_student_that_learns_at_its_edge():
    generator = np.random.default_rng(0)
    teacher, student = adr(), GrowingBall(MIDDLE, radius=0.1, speed=2e-5)
    widths = []
    for _ in range(5):
        teach(teacher, student, generator, rounds=60)
        widths.append(float(teacher.box.widths.mean()))
        assert np.all(teacher.box.widths / 2 <= student.radius + STEP)
    assert widths == sorted(widths)
    assert widths[-1] > widths[0] + 4 * STEP


def test_bounds_stay_in_the_cube_and_out_of_the_initial_box():
    teacher = adr(np.array([0.5, 0.0]))
    initial = teacher.bounds.copy()
    for tag in range(4):
        decide(teacher, tag, passed=0, failed=24)
    assert teacher.bounds.tolist() == initial.tolist()
    for _ in range(40):
        for tag in range(4):
            decide(teacher, tag, passed=24)
    assert teacher.bounds.tolist() == [[0.0, 1.0], [0.0, 1.0]]
    for _ in range(40):
        for tag in range(4):
            decide(teacher, tag, passed=0, failed=24)
    assert teacher.bounds.tolist() == initial.tolist()


def test_a_value_of_a_discrete_parameter_is_tested_before_it_becomes_frequent():
    latency = ParameterSpec(name="latency", unit="steps", nominal=0, low=0, high=3, kind="integer")
    nominal = np.array([float(latency.to_unit(0))])
    fails_above_one = Unchanging(lambda unit: (latency.from_unit(unit[:, 0]) <= 1).astype(np.float64))
    teacher = adr(nominal)
    generator = np.random.default_rng(0)
    teach(teacher, fails_above_one, generator, rounds=150)
    tasks = teacher.sample(generator, 10_000)
    values = latency.from_unit(tasks.unit[tasks.tags == PLAIN, 0])
    assert {0.0, 1.0} <= set(values)
    assert np.mean(values == 1) == pytest.approx(0.5, abs=0.1)
    assert np.mean(values > 1) < 0.1


# --- automatic domain randomization: its bookkeeping


def test_the_boundary_share_is_that_of_boundary_tasks_and_each_bound_gets_its_part():
    teacher = adr(np.full(3, 0.5), boundary_share=0.3)
    tasks = teacher.sample(np.random.default_rng(0), 60_000)
    assert np.mean(tasks.tags >= 0) == pytest.approx(0.3, abs=0.01)
    assert np.bincount(tasks.tags[tasks.tags >= 0]) / 60_000 == pytest.approx(np.full(6, 0.05), abs=0.005)


def test_a_boundary_task_lies_on_the_bound_of_its_tag_and_anywhere_else_in_the_other_dimensions():
    teacher = adr()
    tasks = teacher.sample(np.random.default_rng(0), 4000)
    for tag in range(4):
        dimension, side = divmod(tag, 2)
        chosen = tasks.unit[tasks.tags == tag]
        assert np.all(chosen[:, dimension] == teacher.bounds[dimension, side])
        assert np.ptp(chosen[:, 1 - dimension]) > 0.9 * STEP


def test_what_lies_at_a_bound_without_its_tag_does_not_count():
    teacher = adr()
    at_high = np.tile([teacher.bounds[0, 1], 0.5], (100, 1))
    for tag in (PLAIN, -2):
        teacher.observe(episodes_of(plain_tasks(at_high, teacher.version, tag), np.ones(100, np.bool_)))
    teacher.update()
    assert (teacher.version, teacher.played.sum()) == (0, 0)


@pytest.mark.parametrize(("passed", "steps"), [(20, 1), (19, 0), (10, 0), (9, -1)])
def test_bounds_move_at_the_thresholds_and_every_decision_starts_anew(passed, steps):
    teacher = adr()
    decide(teacher, tag=1, passed=24)  # out of the initial box
    before = teacher.bounds[0, 1]
    decide(teacher, tag=1, passed=passed, failed=24 - passed)  # 0.8 of 24 is 19.2, 0.4 is 9.6
    assert teacher.bounds[0, 1] == pytest.approx(before + steps * STEP)
    assert teacher.played.sum() == teacher.passed.sum() == 0


def test_nothing_is_decided_on_too_few_episodes():
    teacher = adr()
    decide(teacher, tag=1, passed=23)
    assert (teacher.version, teacher.played[0, 1]) == (0, 23)
    decide(teacher, tag=1, passed=1)
    assert (teacher.version, teacher.played[0, 1]) == (1, 0)


def test_episodes_from_before_a_bound_moved_are_discarded_and_those_at_other_bounds_are_not():
    teacher = adr()
    at_moved, at_other = at_bound(teacher, tag=1, passed=24), at_bound(teacher, tag=2, passed=10)
    decide(teacher, tag=1, passed=24)
    teacher.observe(at_moved)
    teacher.observe(at_other)
    assert (teacher.played[0, 1], teacher.played[1, 0]) == (0, 10)
    assert teacher.describe()["stale_episodes"] == 24.0


def test_boundary_episodes_and_their_steps_are_counted_apart():
    generator = np.random.default_rng(0)
    mix = Mix(adr(), share=0.2)
    played = teach(mix, always(), generator, rounds=20)
    figures = mix.describe()
    for origin, chosen in (("uniform", played.tags == -2), ("plain", played.tags == -1), ("special", played.tags >= 0)):
        assert figures[f"episodes/{origin}"] == np.sum(chosen) > 0
        assert figures[f"steps/{origin}"] == EPISODE_LENGTH * np.sum(chosen)


# --- automatic domain randomization: what it cannot know


def test_bounds_pass_where_corners_fail_which_only_uniform_episodes_show():
    generator = np.random.default_rng(0)
    student = corner_fails(border=0.85)
    mix = Mix(adr(), share=0.2)
    teach(mix, student, generator, rounds=200)
    figures = mix.describe()
    assert figures["entropy"] > -0.15  # nearly the whole cube
    corner = 0.9 + 0.1 * generator.random((100, 2))
    assert not student.probability(corner).any()
    assert mix.teacher.density(np.array([[0.9, 0.9]])) > 0.0

    teach(mix, never(), generator, rounds=3)
    figures = mix.describe()
    assert figures["entropy"] > -0.3  # high entropy is not success: both are said
    assert figures["success/uniform"] < 0.85


def test_a_student_that_never_succeeds_is_warned_about_once_and_shows():
    generator = np.random.default_rng(0)
    teacher = adr()
    with pytest.warns(UserWarning, match="not one bound with a success rate of 0.8") as caught:
        teach(teacher, never(), generator, rounds=100)
    figures = teacher.describe()
    assert len(caught) == 1
    assert figures["gate_reached"] == figures["updates_applied"] == 0.0
    assert figures["updates_skipped"] > 10.0


def test_a_student_that_succeeds_is_not_warned_about():
    teacher = adr()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        teach(teacher, always(), np.random.default_rng(0), rounds=100)
    assert teacher.describe()["gate_reached"] == 1.0


@pytest.mark.parametrize(
    "arguments",
    [
        {"low_threshold": 0.8, "high_threshold": 0.4},
        {"high_threshold": 1.1},
        {"low_threshold": float("nan")},
        {"boundary_share": 1.5},
        {"step": -0.1},
        {"episodes_per_decision": 0},
        {"initial_width": 0.0},
    ],
)
def test_thresholds_and_shares_that_make_no_sense_are_refused(arguments):
    with pytest.raises(InvalidOption):
        adr(**arguments)
