"""What every student promises: seeds, resumption, evaluation, charges, and which tasks it learns from."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from learners import Uniform, assert_same, assert_same_episodes, flat, learnt

from blendgym.agents.students.making import make_student
from blendgym.envs.cartpole.task import Cartpole
from blendgym.errors import InvalidOption, InvalidParameter, StudentDiverged
from blendgym.parameters import Constraint, ParameterSpace
from blendgym.parameters.episodes import plain_tasks
from blendgym.parameters.selection import select

SPACE = select(Cartpole.parameters, ["pole.length", "action.latency", "observation.noise"])
QUICK = {
    "field": {},
    "ars": {"directions": 4, "best": 2, "steps_per_update": 1_000},
    "ppo": {"rollout": 32, "minibatch": 256},
}
TWIN_STUDENTS = ["ars", "ppo"]
every_student = pytest.mark.parametrize("name", QUICK)
on_twins = pytest.mark.parametrize("name", TWIN_STUDENTS)


def student_of(name, seed=0, **options):
    return make_student(name, "BlendCartpole-v0", SPACE, seed, **QUICK[name], **options)


@every_student
def test_the_same_seed_gives_the_same_training_bit_for_bit_and_another_seed_does_not(name):
    students = [student_of(name, seed) for seed in (3, 3, 4)]
    first, second, other = (student.train(Uniform(len(SPACE)), 2_000) for student in students)
    assert_same_episodes(first, second)
    assert_same(students[0].state_dict(), students[1].state_dict())
    assert first.unit.shape != other.unit.shape or (first.unit != other.unit).any()


@every_student
def test_a_state_taken_in_the_middle_continues_identically(name):
    student = student_of(name)
    student.train(Uniform(len(SPACE)), 2_000)
    state = student.state_dict()
    resumed = student_of(name)
    resumed.load_state_dict(state)
    student_went_on, resumed_went_on = (
        student.train(Uniform(len(SPACE)), 2_000),
        resumed.train(Uniform(len(SPACE)), 2_000),
    )
    assert len(student_went_on.lengths)
    assert_same_episodes(student_went_on, resumed_went_on)
    assert_same(student.state_dict(), resumed.state_dict())


@every_student
def test_a_state_is_plain_and_nothing_that_happens_later_changes_it(name):
    student = student_of(name)
    student.train(Uniform(len(SPACE)), 1_000)
    state = student.state_dict()
    before = {path: np.array(leaf) for path, leaf in flat(state).items()}
    assert all(isinstance(leaf, int | float | str | np.ndarray) for leaf in flat(state).values())
    student.train(Uniform(len(SPACE)), 1_000)
    for path, leaf in flat(state).items():
        np.testing.assert_array_equal(leaf, before[path], path)


@every_student
def test_evaluation_changes_nothing_and_is_not_charged(name):
    student = student_of(name)
    student.train(Uniform(len(SPACE)), 1_000)
    before, charged = student.state_dict(), student.charged_steps
    unit = np.random.default_rng(0).random((7, len(SPACE)))
    episodes = student.evaluate(unit, seed=5)
    assert_same(before, student.state_dict())
    assert student.charged_steps == charged
    np.testing.assert_array_equal(episodes.unit, unit)
    assert_same_episodes(episodes, student.evaluate(unit, seed=5))
    if name in TWIN_STUDENTS:
        assert (episodes.returns != student.evaluate(unit, seed=6).returns).any()


@on_twins
def test_an_episode_is_evaluated_the_same_whatever_is_evaluated_beside_it(name):
    student = student_of(name)
    student.train(Uniform(len(SPACE)), 1_000)
    unit = np.random.default_rng(0).random((50, len(SPACE)))
    np.testing.assert_array_equal(student.evaluate(unit, 5).lengths[:9], student.evaluate(unit[:9], 5).lengths)


@every_student
def test_nothing_to_evaluate_gives_no_episodes(name):
    assert not student_of(name).evaluate(np.empty((0, len(SPACE))), seed=0)


@every_student
def test_episodes_come_with_the_task_they_were_played_in(name):
    source, student = Uniform(len(SPACE)), student_of(name)
    episodes = student.train(source, 2_000)
    handed_out = {tag: unit for tasks in source.handed_out for tag, unit in zip(tasks.tags, tasks.unit, strict=True)}
    version = {tag: tasks.version for tasks in source.handed_out for tag in tasks.tags}
    assert len(episodes.lengths) >= 32
    for tag, unit, own_version in zip(episodes.tags, episodes.unit, episodes.versions, strict=True):
        np.testing.assert_array_equal(unit, handed_out[tag])
        assert version[tag] == own_version
    under_way = student.state_dict()["playing"]["tags"].tolist() if name == "ppo" else []
    assert not set(episodes.tags.tolist()) & set(under_way)
    assert len(set(episodes.tags.tolist())) * (2 if name == "ars" else 1) == len(episodes.tags)


@every_student
def test_all_steps_are_charged(name):
    student = student_of(name)
    first = student.train(Uniform(len(SPACE)), 2_000)
    assert student.charged_steps >= 2_000
    under_way = 0
    if name == "ppo":
        under_way = int(student.state_dict()["playing"]["elapsed"].sum())
    assert student.charged_steps == first.steps + under_way


@every_student
def test_what_does_not_train_is_charged_and_not_learnt_from(name):
    student, idle = student_of(name), student_of(name)
    student.train(Uniform(len(SPACE)), 2_000)
    before = learnt(idle)
    idle.train(Uniform(len(SPACE), trains=False), 2_000)
    assert idle.charged_steps >= 2_000
    assert_same(before, learnt(idle))
    if name != "field":
        with pytest.raises(AssertionError):
            assert_same(before, learnt(student))


@pytest.mark.parametrize(
    ("name", "steps", "options"),
    [
        ("ars", 100_000, {"action_type": "continuous"}),
        pytest.param("ars", 100_000, {"action_type": "discrete"}, marks=pytest.mark.long),
        ("ppo", 32_768, {"learning_rate": 2e-3, "budget": 32_768, **QUICK["ppo"]}),
    ],
)
def test_the_nominal_cartpole_is_learnt(name, steps, options):
    student = make_student(name, "BlendCartpole-v0", ParameterSpace(), 0, **options)
    place = np.empty((32, 0))
    before = student.evaluate(place, 1).scores.mean()
    student.train(Nominal(), steps)
    assert before < 0.3
    assert student.evaluate(place, 1).successes.mean() > 0.9


class Nominal:
    """The one task there is when nothing is randomized."""

    def sample(self, generator, count):
        return plain_tasks(np.empty((count, 0)))


@on_twins
def test_a_student_with_weights_that_are_not_finite_says_that_it_has_diverged(name):
    student = student_of(name)
    student.train(Uniform(len(SPACE)), 1_000)
    state = student.state_dict()
    for leaf in flat(learnt_in(state)).values():
        leaf[...] = np.nan
    student.load_state_dict(state)
    with pytest.raises(StudentDiverged, match="not finite"):
        student.evaluate(np.full((2, len(SPACE)), 0.5), 0)
    with pytest.raises(StudentDiverged, match="not finite"):
        student.train(Uniform(len(SPACE)), 1_000)


def learnt_in(state):
    return next(state[key] for key in ("policy", "networks") if key in state)


@every_student
@pytest.mark.parametrize(
    ("unit", "message"),
    [
        (np.full((4, len(SPACE)), np.nan), "value nan"),
        (np.full((4, len(SPACE)), 1.5), "value 1.5"),
        (np.full((4, 1), 0.5), r", 3\), one row"),
    ],
)
def test_tasks_outside_of_the_cube_are_refused(name, unit, message):
    class Wrong:
        def sample(self, generator, count):
            return plain_tasks(np.resize(unit, (count, unit.shape[1])))

    with pytest.raises(InvalidParameter, match=message):
        student_of(name).train(Wrong(), 100)
    with pytest.raises(InvalidParameter, match=message):
        student_of(name).evaluate(unit, 0)


@every_student
def test_a_source_that_gives_too_few_tasks_is_refused(name):
    class Miser:
        def sample(self, generator, count):
            return plain_tasks(generator.random((count - 1, len(SPACE))))

    with pytest.raises(InvalidParameter, match="expected"):
        student_of(name).train(Miser(), 100)


def test_unknown_students_environments_and_options_are_refused():
    with pytest.raises(InvalidOption, match="no student 'sarsa'; there are 'field', 'ars', 'ppo', 'sb3'"):
        make_student("sarsa", "BlendCartpole-v0", SPACE, 0)
    with pytest.raises(InvalidOption, match="no environment in Blender"):
        make_student("ars", "CartPole-v1", SPACE, 0)
    with pytest.raises(InvalidOption, match="does not take the options"):
        make_student("field", "BlendCartpole-v0", SPACE, 0, colour="red")
    with pytest.raises(InvalidOption, match="best is 20"):
        make_student("ars", "BlendCartpole-v0", SPACE, 0, best=20)


@pytest.mark.parametrize("module", ["random_search", "competence_field", "making", "playing"])
def test_students_without_networks_do_not_load_torch(module):
    program = f"import sys, blendgym.agents.students.{module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@every_student
def test_tasks_that_break_a_constraint_are_not_played(name):
    shorter = Constraint(
        ("pole.length", "action.latency"), lambda length, late: length > 0.5 * late, "length > late / 2"
    )
    space = ParameterSpace(*SPACE.values(), constraints=[shorter])
    student = make_student(name, "BlendCartpole-v0", space, 0, **QUICK[name])
    episodes = student.train(Uniform(len(SPACE)), 2_000)
    assert space.allowed(episodes.unit).all()
    assert not space.allowed(np.random.default_rng(0).random((100, len(space)))).all()
