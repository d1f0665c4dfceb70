"""Whatever is in a state that a teacher is given: it is refused and nothing has changed, or the teacher works."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from toy_students import half_unlearnable, teach

from blendgym.errors import InvalidOption
from blendgym.meta.actions import ACTION_OPTIONS
from blendgym.parameters import Parameter, ParameterSpace
from blendgym.parameters.bindings import TaskAttribute
from blendgym.teachers import TEACHERS, Mix, Teacher, make_teacher
from blendgym.teachers.acquisition import RandomAcquisition
from blendgym.teachers.plain_states import packed

pytestmark = [pytest.mark.filterwarnings("ignore:.*this is fixed randomization"), pytest.mark.timeout(120)]

NOMINAL = np.array([0.5, 0.3])
QUICK: dict[str, dict[str, Any]] = {
    "adr": {"episodes_per_decision": 5},
    "plr": {"capacity": 40, "edit_share": 0.5},
    "doraemon": {"episodes_per_update": 60},
    "spdl": {"episodes_per_update": 60},
    "cem": {"target": [0.7, 0.7]},
    "frontier": {"categories": {1: 3}},
}
SPACE = ParameterSpace(
    *(Parameter(name=name, unit="m", nominal=0.5, low=0.0, high=1.0, binding=TaskAttribute(name)) for name in "ab")
)
MAKERS = {
    **{name: lambda name=name: make_teacher(name, NOMINAL, **QUICK.get(name, {})) for name in TEACHERS},
    "a mix": lambda: Mix(make_teacher("frontier", NOMINAL)),
    "random_acquisition": lambda: RandomAcquisition(Mix(make_teacher("frontier", NOMINAL))),
    **{f"steered by {name}": lambda of=of: of.begin(SPACE, uniform=True) for name, of in ACTION_OPTIONS.items()},
}
every_teacher = pytest.mark.parametrize("name", MAKERS)

MISSING = object()
NO_ARRAYS = [MISSING, None, "text", [], {}, -1, 0, 1e300, 2**70, float("nan"), float("inf"), True]
ANYTHING = [*NO_ARRAYS, np.zeros(3), np.array("x")]


def taught(name: str, seed: int = 0) -> Teacher:
    teacher = MAKERS[name]()
    teach(teacher, half_unlearnable(), np.random.default_rng(seed), rounds=9)
    return teacher


def leaves(state: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values of a state that are no containers."""
    children = state.items() if isinstance(state, dict) else enumerate(state) if isinstance(state, list) else ()
    found = [leaf for key, child in children for leaf in leaves(child, (*path, key))]
    yield from found or [path]


def with_other(state: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(state)
    parent: Any = changed
    for key in path[:-1]:
        parent = parent[key]
    if value is MISSING:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return changed


def damaged(value: Any) -> Iterator[Any]:
    yield from ANYTHING
    if not isinstance(value, np.ndarray):
        return
    yield from (
        value.astype(np.float32),
        value.astype(np.int32),
        value.astype(object),
        value[None],
        value[:0],
        value[1:],
    )
    if not value.size:
        return
    for bad in (np.nan, np.inf, -np.inf, -1.0, 1e308, -1e308, 1e12, 0.0):
        other = value.astype(np.float64)
        other.flat[0] = bad
        yield other
        if value.dtype != np.float64 and np.isfinite(bad) and abs(bad) < 1e18:
            yield other.astype(value.dtype)
    yield np.zeros_like(value)


def works(teacher: Teacher) -> bool:
    generator = np.random.default_rng(1)
    with np.errstate(all="ignore"):  # What comes of numbers that are far too large may be poor.
        teach(teacher, half_unlearnable(), generator, rounds=2)
    tasks = teacher.sample(generator, 5)
    is_inside = np.all((tasks.unit >= 0.0) & (tasks.unit <= 1.0))
    return bool(is_inside and np.isfinite(teacher.density(tasks.unit)).all())


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.long), 5])
@every_teacher
def test_a_state_with_any_value_damaged_is_refused_whole_or_leaves_a_teacher_that_works(name, step):
    teacher, state = taught(name), taught(name, seed=1).state_dict()
    before = packed(teacher.state_dict())
    refused = 0
    for number, path in enumerate(leaves(state)):
        value: Any = state
        for key in path:
            value = value[key]
        for bad in [*damaged(value)][number % step :: step]:
            try:
                teacher.load_state_dict(with_other(state, path, bad))
            except InvalidOption:
                assert packed(teacher.state_dict()) == before, path
                refused += 1
            else:
                assert works(teacher), (path, bad)
                teacher = taught(name)
    assert refused > 5 * len(list(leaves(state))) / step


@every_teacher
def test_what_was_saved_is_taken_whole_and_a_state_keeps_no_memory_in_common(name):
    teacher, other = taught(name), taught(name, seed=1)
    state = other.state_dict()
    saved = packed(state)
    teacher.load_state_dict(state)
    assert packed(teacher.state_dict()) == saved
    teach(teacher, half_unlearnable(), np.random.default_rng(2), rounds=2)
    assert packed(state) == saved


@pytest.mark.parametrize("state", [None, 7, "text", [], {}, {"dimensions": 2}, {"dimensions": "2", "version": 0}])
@every_teacher
def test_what_is_no_state_at_all_is_refused(name, state):
    with pytest.raises(InvalidOption):
        MAKERS[name]().load_state_dict(state)


CONTRADICTIONS = {
    "episodes that were not counted": ("frontier", ("model", "count"), lambda _: 3),
    "more passed than played": ("adr", ("passed",), lambda passed: passed + 1000),
    "more passed in a bin": ("a mix", ("tally", "by_bin", "passed"), lambda passed: passed + 1000.0),
    "more passed in a half": ("learnability", ("contrasts", "passed"), lambda passed: passed + 1000.0),
    "a bound of a later version": ("adr", ("moved_in",), lambda versions: versions + 1000),
    "a version that no fit could be seeded by": ("alp_gmm", ("version",), lambda _: 2**40),
    "weights that do not add up": ("learnability", ("weights",), lambda weights: weights * (1.0 - 1e-6)),
    "regions that overlap": ("learnability", ("partition", "high"), np.ones_like),
    "regions with a gap": ("learnability", ("partition", "high"), lambda high: 0.9 * high),
    "something new": ("plr", ("something",), lambda _: 1),
    "something new inside": ("a mix", ("teacher", "model", "highest"), lambda _: 1.0),
}


@pytest.mark.parametrize("contradiction", CONTRADICTIONS)
def test_what_contradicts_itself_is_refused(contradiction):
    name, path, change = CONTRADICTIONS[contradiction]
    teacher = taught(name)
    state = teacher.state_dict()
    value: Any = state
    for key in path:
        value = value.get(key)
    with pytest.raises(InvalidOption):
        teacher.load_state_dict(with_other(state, path, change(value)))
    assert packed(teacher.state_dict()) == packed(state)


def test_a_state_is_not_for_another_kind_of_teacher():
    states = {name: taught(name).state_dict() for name in TEACHERS}
    for name in TEACHERS:
        for other in (each for each in TEACHERS if states[each].keys() != states[name].keys()):
            with pytest.raises(InvalidOption):
                MAKERS[name]().load_state_dict(states[other])


@pytest.mark.parametrize("made", [{"outcomes": "returns"}, {"categories": {0: 4}}, {"integers": {1: 4}}])
def test_a_frontier_takes_no_state_of_one_that_counts_something_else_or_has_other_kinds_of_dimensions(made):
    state = make_teacher("frontier", NOMINAL).state_dict()
    with pytest.raises(InvalidOption, match="expected .*as here"):
        make_teacher("frontier", NOMINAL, **made).load_state_dict(state)


def test_a_teacher_that_gives_a_region_no_tasks_any_more_is_resumed():
    teacher = make_teacher("group_dro", NOMINAL, step_size=10.0)
    teach(teacher, half_unlearnable(), np.random.default_rng(0), rounds=500)
    state = teacher.state_dict()
    assert (state["weights"] == 0.0).any()
    teacher.load_state_dict(state)
    assert np.isfinite(list(teacher.describe().values())).all()


def test_the_message_names_the_place_and_what_belongs_there():
    teacher = Mix(make_teacher("frontier", NOMINAL))
    state = teacher.state_dict()
    state["teacher"]["model"]["shape"][2] = np.nan
    with pytest.raises(InvalidOption, match=r"teacher\.model\.shape\[2\] is nan; expected from -10000 to 10000"):
        teacher.load_state_dict(state)
