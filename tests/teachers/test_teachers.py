"""What all teachers have in common, whatever they do with it."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy_students import ToyStudent, episodes_of, half_unlearnable, slope, succeeds_within, teach

from blendgym.errors import InvalidEpisodes, InvalidOption, TeacherNotFound
from blendgym.parameters.episodes import UNIFORM, joined, plain_tasks
from blendgym.teachers import TEACHERS, Mix, Teacher, make_teacher

pytestmark = pytest.mark.filterwarnings("ignore:.*this is fixed randomization")

NAMES = [*TEACHERS, *(f"{name} with uniform" for name in TEACHERS)]
QUICK: dict[str, dict[str, Any]] = {
    "schedule": {"duration": 3000},
    "adr": {"episodes_per_decision": 5},
    "plr": {"capacity": 60, "edit_share": 0.5},
    "doraemon": {"episodes_per_update": 60},
    "spdl": {"episodes_per_update": 60},
}
"""Arguments that let a teacher adapt within the few hundred episodes of these tests."""

few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
seeds = st.integers(0, 2**32 - 1)
all_and_one_mix = pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in (*TEACHERS, "frontier with uniform") else pytest.mark.long)
        for name in NAMES
    ],
)


def make(name: str, nominal: Any = (0.5, 0.3)) -> Teacher:
    bare = name.removesuffix(" with uniform")
    arguments = {"target": [0.7] * len(nominal)} if bare == "cem" else QUICK.get(bare, {})
    teacher = make_teacher(bare, np.array(nominal), **arguments)
    return teacher if bare == name else Mix(teacher, share=0.2)


def student_of(number: int) -> ToyStudent:
    return [half_unlearnable, slope, lambda: succeeds_within(np.array([0.2, 0.0]), np.array([0.7, 0.6]))][number % 3]()


def taught(name: str, generator: np.random.Generator, rounds: int, count: int = 50) -> Teacher:
    teacher = make(name)
    teach(teacher, student_of(rounds), generator, rounds, count)
    return teacher


def plain(value: Any) -> Any:
    """A state as lists and numbers, which can be compared."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value


@all_and_one_mix
@few
@given(seed=seeds, rounds=st.integers(0, 8), count=st.integers(0, 80))
def test_all_tasks_lie_in_the_cube_and_come_in_the_shapes_that_were_agreed_on(name, seed, rounds, count):
    generator = np.random.default_rng(seed)
    teacher = taught(name, generator, rounds)
    tasks = teacher.sample(generator, count)
    assert (tasks.unit.shape, tasks.unit.dtype) == ((count, 2), np.float64)
    assert np.all((tasks.unit >= 0.0) & (tasks.unit <= 1.0))
    assert (tasks.tags.shape, tasks.tags.dtype) == ((count,), np.int64)
    assert (tasks.trains.shape, tasks.trains.dtype) == ((count,), np.bool_)
    assert tasks.version == teacher.version
    assert np.all(tasks.tags >= UNIFORM)


@all_and_one_mix
@pytest.mark.parametrize("rounds", [0, 4, 10])
def test_the_density_integrates_to_one_over_the_cube(name, rounds):
    teacher = taught(name, np.random.default_rng(rounds), rounds)
    side = (np.arange(600) + 0.5) / 600
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    assert np.mean(teacher.density(grid)) == pytest.approx(1.0, rel=0.06)


@pytest.mark.parametrize("name", TEACHERS)
@pytest.mark.parametrize("rounds", [0, 6])
def test_in_one_dimension_samples_follow_the_density(name, rounds):
    generator = np.random.default_rng(rounds)
    teacher = make(name, nominal=(0.4,))
    teach(teacher, slope(), generator, rounds)
    tasks = teacher.sample(generator, 40_000)
    unit = tasks.unit[tasks.tags < 0, 0]
    middles = (np.arange(4000) + 0.5) / 4000
    expected = teacher.density(middles[:, None]).reshape(20, 200).mean(axis=1) / 20
    found = np.histogram(unit, bins=20, range=(0.0, 1.0))[0] / len(unit)
    deviation = np.sqrt(expected / len(unit))
    assert np.all(np.abs(found - expected) < 5.0 * deviation + 2e-3 * expected + 1e-4)


@all_and_one_mix
@few
@given(seed=seeds, before=st.integers(0, 8), after=st.integers(1, 5))
def test_a_teacher_resumed_in_the_middle_continues_identically(name, seed, before, after):
    generator = np.random.default_rng(seed)
    teacher, student = make(name), student_of(before)
    teach(teacher, student, generator, before)
    teacher.observe(student.play(teacher.sample(generator, 20), generator))  # not at the border of an update
    again, student_again = make(name), copy.deepcopy(student)
    again.load_state_dict(copy.deepcopy(teacher.state_dict()))
    generator_again = copy.deepcopy(generator)

    went = teach(teacher, student, generator, after)
    went_again = teach(again, student_again, generator_again, after)

    assert [column.tolist() for column in went] == [column.tolist() for column in went_again]
    assert plain(teacher.state_dict()) == plain(again.state_dict())
    assert teacher.describe() == again.describe()


@pytest.mark.parametrize("name", NAMES)
def test_a_state_is_a_copy_that_later_episodes_do_not_change(name):
    generator = np.random.default_rng(0)
    teacher = taught(name, generator, 4)
    state = teacher.state_dict()
    before = copy.deepcopy(plain(state))
    teach(teacher, student_of(0), generator, 4)
    assert plain(state) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_state_is_made_of_arrays_and_of_what_json_knows(name):
    teacher = taught(name, np.random.default_rng(0), 6)
    json.dumps(plain(teacher.state_dict()), allow_nan=False)


@pytest.mark.parametrize("name", NAMES)
def test_looking_changes_nothing(name):
    generator = np.random.default_rng(5)
    teacher = taught(name, generator, 5)
    state, continued = copy.deepcopy(plain(teacher.state_dict())), copy.deepcopy(generator)
    density = teacher.density(np.full((3, 2), 0.4))
    teacher.describe()
    assert plain(teacher.state_dict()) == state
    assert teacher.density(np.full((3, 2), 0.4)).tolist() == density.tolist()
    assert teacher.sample(generator, 9).unit.tolist() == teacher.sample(continued, 9).unit.tolist()


@pytest.mark.parametrize("name", NAMES)
def test_figures_for_logs_are_finite_numbers(name):
    for rounds in (0, 6):
        figures = taught(name, np.random.default_rng(0), rounds).describe()
        assert all(isinstance(value, float) and np.isfinite(value) for value in figures.values()), figures


@pytest.mark.parametrize("name", NAMES)
def test_the_stream_of_tasks_never_repeats(name):
    generator = np.random.default_rng(0)
    teacher, student, seen = make(name), slope(), []
    for _ in range(6):
        tasks = teacher.sample(generator, 50)
        seen += tasks.unit[tasks.tags < 0].tolist()
        teacher.observe(student.play(tasks, generator))
        teacher.update()
    assert len({tuple(place) for place in seen}) == len(seen)


@pytest.mark.parametrize("name", NAMES)
def test_no_episodes_change_nothing(name):
    teacher = taught(name, np.random.default_rng(1), 5)
    before = copy.deepcopy(plain(teacher.state_dict()))
    teacher.observe(joined([], 2))
    assert plain(teacher.state_dict()) == before


BROKEN = {
    "places of another cube": lambda e: e._replace(unit=e.unit[:, :1]),
    "a place outside": lambda e: e._replace(unit=e.unit + 1.0),
    "a place that is no number": lambda e: e._replace(unit=np.where(e.unit == e.unit[1, 1], np.nan, e.unit)),
    "a return that is no number": lambda e: e._replace(returns=np.where(np.arange(len(e.returns)) == 3, np.nan, 1.0)),
    "an infinite score": lambda e: e._replace(scores=np.full(len(e.scores), np.inf)),
    "too few tags": lambda e: e._replace(tags=e.tags[:-1]),
    "success as a number": lambda e: e._replace(successes=e.successes.astype(np.float64)),
    "lengths in two columns": lambda e: e._replace(lengths=np.ones((len(e.lengths), 2), np.int64)),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("breakage", BROKEN)
def test_bad_episodes_are_refused_and_change_nothing(name, breakage):
    generator = np.random.default_rng(2)
    teacher = taught(name, generator, 4)
    before = copy.deepcopy(plain(teacher.state_dict()))
    episodes = student_of(0).play(teacher.sample(generator, 10), generator)
    with pytest.raises(InvalidEpisodes):
        teacher.observe(BROKEN[breakage](episodes))
    assert plain(teacher.state_dict()) == before


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("unit", [np.zeros(2), np.zeros((4, 3)), np.full((1, 2), np.nan), np.full((1, 2), 1.1)])
def test_the_density_of_what_is_no_place_is_refused(name, unit):
    with pytest.raises(InvalidEpisodes):
        make(name).density(unit)


BAD_COLUMNS = {
    "scores": [np.array([1.5]), np.array([-0.1]), np.array([np.nan]), np.zeros(2), [0.5], np.array([1])],
    "returns": [np.array([np.inf]), np.array(["1"]), None],
    "lengths": [np.array([-1]), np.array([2.0]), np.array([2**62]), [3]],
    "versions": [np.array([-1]), np.array([1]), [0]],
    "tags": [np.array([-3]), np.array([0.0])],
    "successes": [np.array([1]), [True]],
    "unit": [np.array([[0.5, 1.5]]), "place", np.zeros(2), [[0.5, 0.5]]],
}


@pytest.mark.parametrize(
    ("column", "value"), [(name, value) for name, values in BAD_COLUMNS.items() for value in values]
)
def test_episodes_that_cannot_be_are_refused_with_what_was_expected(column, value):
    teacher = make("frontier")
    episodes = episodes_of(teacher.sample(np.random.default_rng(0), 1), np.array([True]))
    before = plain(teacher.state_dict())
    with pytest.raises(InvalidEpisodes, match=r"(Places|The \w+ of episodes)") as caught:
        teacher.observe(episodes._replace(**{column: value}))
    assert "ForwardRef" not in str(caught.value)
    assert plain(teacher.state_dict()) == before


def test_episodes_of_a_version_that_there_has_not_been_are_refused_under_a_floor_too():
    generator, teacher = np.random.default_rng(0), make("schedule with uniform")
    teach(teacher, slope(), generator, 3)
    episodes = episodes_of(teacher.sample(generator, 1), np.array([True]))
    assert episodes.versions.tolist() == [3]
    teacher.observe(episodes)
    with pytest.raises(InvalidEpisodes, match="versions of episodes .* from 0 to 3, got 4"):
        teacher.observe(episodes._replace(versions=np.array([4])))


def test_what_are_no_episodes_at_all_is_refused():
    with pytest.raises(InvalidEpisodes, match="Episodes"):
        make("frontier").observe([0.5])


@pytest.mark.parametrize(
    "arguments",
    [
        {"categories": {0.5: 3}},
        {"categories": {0: 100_000}},
        {"categories": {0: 3}, "integers": {0: 3}},
        {"categories": [3]},
        {"integers": {"0": 3}},
        {"integers": {0: True}},
        {"target": "0.2"},
        {"nope": 1},
    ],
)
def test_arguments_of_a_frontier_that_make_no_sense_are_refused(arguments):
    with pytest.raises(InvalidOption):
        make_teacher("frontier", np.array([0.5, 0.5]), **arguments)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("learnability", {"significance": "2"}),
        ("learnability", {"significance": np.nan}),
        ("adr", {"low_threshold": "0.2"}),
        ("adr", {"high_threshold": np.nan}),
        ("adr", {"low_threshold": False}),
        ("plr", {"robust": "yes"}),
        ("cem", {"target": "nominal"}),
        ("cem", {"target": [0.5, 0.5], "discrepancy": 3}),
    ],
)
def test_arguments_of_other_kinds_are_refused(name, arguments):
    with pytest.raises(InvalidOption, match=f"{next(reversed(arguments))}|target"):
        make_teacher(name, np.array([0.5, 0.5]), **arguments)


@all_and_one_mix
@pytest.mark.parametrize("given", [(7, 2), (None, 2), (np.random.RandomState(0), 2), ("count", -1), ("count", 2.5)])
def test_tasks_are_sampled_with_a_generator_and_a_count_alone(name, given):
    generator, count = (np.random.default_rng(0), given[1]) if given[0] == "count" else given
    with pytest.raises(InvalidOption, match=r"default_rng|0 or more"):
        make(name).sample(generator, count)


def test_a_missing_argument_is_named_without_those_that_nobody_gave():
    with pytest.raises(InvalidOption, match=r"^Teacher 'cem' does not take these arguments: missing .* 'target'\.$"):
        make_teacher("cem", np.array([0.5]))


@pytest.mark.parametrize("name", [None, 7, make_teacher])
def test_what_is_no_name_of_a_teacher_is_refused(name):
    with pytest.raises(TeacherNotFound):
        make_teacher(name, np.array([0.5]))


@pytest.mark.parametrize("teacher", ["frontier", None])
def test_a_floor_is_put_under_nothing_but_a_teacher(teacher):
    with pytest.raises(InvalidOption, match="Expected a teacher"):
        Mix(teacher)


@pytest.mark.parametrize("name", NAMES)
def test_the_state_of_a_teacher_of_another_cube_is_refused(name):
    teacher, other = make(name), make(name, nominal=(0.5, 0.5, 0.5))
    before = copy.deepcopy(plain(teacher.state_dict()))
    with pytest.raises(InvalidOption, match="dimensions is 3; expected 2"):
        teacher.load_state_dict(other.state_dict())
    assert plain(teacher.state_dict()) == before


@pytest.mark.parametrize("name", TEACHERS)
@pytest.mark.parametrize("nominal", [0.5, [], [[0.5]], [0.5, np.nan], [-0.1], [1.5], [True]])
def test_a_nominal_place_outside_of_any_cube_is_refused(name, nominal):
    with pytest.raises(InvalidOption, match="nominal place"):
        make_teacher(name, np.array(nominal))


@pytest.mark.parametrize("name", TEACHERS)
def test_unknown_arguments_are_refused(name):
    with pytest.raises(InvalidOption, match="does not take"):
        make_teacher(name, np.array([0.5]), pedagogy="strict")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("unifrom", "Did you mean 'uniform'"),
        ("no.such.module:Teacher", "cannot be imported"),
        ("../mine.py:Mine", "any other as 'module:Class'"),
        ("blendgym.teachers.uniform:Unifrom", "no subclass"),
        ("blendgym.task:Task", "no subclass"),
    ],
)
def test_an_unknown_teacher_is_refused(name, message):
    with pytest.raises(TeacherNotFound, match=message):
        make_teacher(name, np.array([0.5]))


def test_a_teacher_from_elsewhere_is_made_by_its_entry_point():
    assert type(make_teacher("blendgym.teachers.uniform:Uniform", np.array([0.5]))).__name__ == "Uniform"


class Pointer(Teacher):
    """Always asks for the middle, without training there, and remembers what it hears."""

    def __init__(self) -> None:
        super().__init__(2)
        self.heard: list[int] = []

    def sample(self, generator, count):
        tasks = plain_tasks(np.full((count, 2), 0.5), self.version, tag=7)
        return tasks._replace(trains=np.zeros(count, np.bool_))

    def observe(self, episodes):
        self.heard += episodes.tags.tolist()

    def update(self):
        self.version += 1

    def density(self, unit):
        return np.zeros(len(unit))


def test_a_mixed_teacher_hears_of_all_episodes_and_a_fifth_are_uniform():
    generator = np.random.default_rng(0)
    pointer = Pointer()
    mix = Mix(pointer, share=0.2)
    tasks = mix.sample(generator, 20_000)
    uniform = tasks.tags == UNIFORM
    assert np.mean(uniform) == pytest.approx(0.2, abs=0.01)
    assert set(tasks.tags[~uniform]) == {7}
    assert tasks.trains.tolist() == uniform.tolist()
    assert np.all(tasks.unit[~uniform] == 0.5)
    assert np.histogram(tasks.unit[uniform, 0], 4, (0.0, 1.0))[0] / uniform.sum() == pytest.approx(0.25, abs=0.03)

    mix.observe(episodes_of(tasks, np.ones(20_000, np.bool_)))
    assert pointer.heard == tasks.tags.tolist()


def test_the_density_of_a_mix_is_that_of_the_mixture():
    assert Mix(Pointer(), share=0.25).density(np.zeros((2, 2))).tolist() == [0.25, 0.25]


def test_a_mix_has_the_version_of_its_teacher():
    mix = Mix(Pointer())
    mix.update()
    assert (mix.version, mix.sample(np.random.default_rng(0), 3).version) == (1, 1)


def test_no_share_above_one_is_uniform():
    with pytest.raises(InvalidOption, match="1.2; expected a number from 0 to 1"):
        Mix(Pointer(), share=1.2)


def test_pass_rates_along_the_dimensions_are_those_of_uniform_episodes_alone():
    mix = Mix(Pointer())
    unit = np.array([[0.1, 0.9], [0.1, 0.5], [0.7, 0.5], [0.1, 0.9]])
    tasks = plain_tasks(unit)._replace(tags=np.array([UNIFORM, UNIFORM, UNIFORM, 7]))
    mix.observe(episodes_of(tasks, np.array([True, True, False, False])))
    found = {name: rate for name, rate in mix.describe().items() if name.startswith("success/") and name[-1].isdigit()}
    assert found == {"success/0/0": 1.0, "success/0/3": 0.0, "success/1/2": 0.5, "success/1/4": 1.0}
