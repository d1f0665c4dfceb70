"""Students keep their promises in Blender, too, where an environment has contacts or is seen, and so has no twin."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from contact_rooms.nudge.task import Nudge
from learners import Uniform, assert_same, assert_same_episodes

from blendgym.agents.students.environments import TwinEnvironments, VectorEnvironments, Workplace
from blendgym.agents.students.history import History
from blendgym.agents.students.making import make_student
from blendgym.agents.students.playing import draw_seeds, play_once
from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import plain_tasks
from blendgym.twins.making import make_twin

NUDGE, SPACE = "contact_rooms:Nudge-v0", Nudge.parameters
QUICK = {
    "ars": {"directions": 3, "best": 2, "steps_per_update": 100, "num_envs": 3},
    "ppo": {"rollout": 12, "minibatch": 32, "num_envs": 3},
}
STEPS = 100
every_student = pytest.mark.parametrize("name", QUICK)
ppo_and_ars_at_length = pytest.mark.parametrize("name", [pytest.param("ars", marks=pytest.mark.long), "ppo"])


@pytest.fixture
def student_of():
    made = []

    def make(name, seed=0, **options):
        made.append(make_student(name, NUDGE, SPACE, seed, **(QUICK[name] | options)))
        return made[-1]

    yield make
    for student in made:
        student.close()


@ppo_and_ars_at_length
def test_the_same_seed_gives_the_same_training_bit_for_bit_and_another_seed_does_not(name, student_of):
    students = [student_of(name, seed) for seed in (3, 3, 4)]
    first, second, other = (student.train(Uniform(len(SPACE)), STEPS) for student in students)
    assert_same_episodes(first, second)
    assert_same(students[0].state_dict(), students[1].state_dict())
    assert first.unit.shape != other.unit.shape or (first.unit != other.unit).any()


@ppo_and_ars_at_length
def test_a_state_taken_in_the_middle_continues_identically(name, student_of):
    student, resumed = student_of(name), student_of(name)
    student.train(Uniform(len(SPACE)), STEPS)
    resumed.load_state_dict(student.state_dict())
    went_on, resumed_went_on = (each.train(Uniform(len(SPACE)), STEPS) for each in (student, resumed))
    assert len(went_on.lengths)
    assert_same_episodes(went_on, resumed_went_on)
    assert_same(student.state_dict(), resumed.state_dict())


@every_student
def test_evaluation_plays_every_task_whatever_is_played_beside_it_and_changes_nothing(name, student_of):
    student, unit = student_of(name), np.random.default_rng(0).random((8, len(SPACE)))
    student.train(Uniform(len(SPACE)), STEPS)
    before, episodes = student.state_dict(), student.evaluate(unit, seed=5)
    np.testing.assert_array_equal(episodes.unit, unit)
    assert_same_episodes(episodes, student.evaluate(unit, seed=5))
    assert (episodes.returns != student.evaluate(unit, seed=6).returns).any()
    assert (episodes.returns != student.evaluate(1.0 - unit, seed=5).returns).any(), "parameters should matter"
    # Two tasks are played in two environments, eight in three.
    np.testing.assert_allclose(student.evaluate(unit[:2], seed=5).returns, episodes.returns[:2], rtol=0, atol=1e-5)
    assert_same(before, student.state_dict())


@ppo_and_ars_at_length
def test_training_goes_on_after_an_evaluation_as_if_there_had_been_none(name, student_of):
    examined, left_alone = student_of(name), student_of(name)
    for student in (examined, left_alone):
        student.train(Uniform(len(SPACE)), STEPS)
    examined.evaluate(np.random.default_rng(0).random((2, len(SPACE))), seed=5)
    first, second = (student.train(Uniform(len(SPACE)), STEPS) for student in (examined, left_alone))
    assert_same_episodes(first, second)
    assert_same(examined.state_dict(), left_alone.state_dict())


@every_student
def test_episodes_come_with_the_task_they_were_played_in_and_all_steps_are_charged(name, student_of):
    source, student = Uniform(len(SPACE)), student_of(name)
    episodes = student.train(source, STEPS)
    handed_out = {tag: unit for tasks in source.handed_out for tag, unit in zip(tasks.tags, tasks.unit, strict=True)}
    for tag, unit in zip(episodes.tags, episodes.unit, strict=True):
        np.testing.assert_array_equal(unit, handed_out[tag])
    under_way = int(student.state_dict()["playing"]["elapsed"].sum()) if name == "ppo" else 0
    assert student.charged_steps == episodes.steps + under_way >= STEPS


def test_random_search_learns_to_push_the_ball(student_of):
    student = student_of("ars", directions=8, best=4, steps_per_update=600, num_envs=8, noise=0.3, step_size=0.3)
    unit = np.full((4, len(SPACE)), 0.5)
    before = student.evaluate(unit, 1).scores.mean()
    student.train(Uniform(len(SPACE)), 4_000)
    assert before < 0.1
    assert student.evaluate(unit, 1).successes.all()


@pytest.mark.parametrize("options", [{"obs_type": "rgb", "width": 8, "height": 6}, {"expose": "critic"}])
def test_students_see_pictures_and_observations_of_several_parts(options, student_of):
    student = student_of("ars", **options)
    assert student.train(Uniform(len(SPACE)), STEPS)


def test_observations_tell_the_place_of_parameters_in_the_ranges_that_the_student_has():
    narrow = SPACE.with_only(parameter.changed(high=parameter.nominal) for parameter in SPACE.values())
    environments = Workplace(NUDGE, narrow, arguments={"expose": "critic"}).environments(2)
    try:
        unit = np.random.default_rng(0).random((2, len(narrow)))
        observations = environments.begin_at(np.arange(2), unit, np.arange(2, dtype=np.uint64))
    finally:
        environments.close()
    np.testing.assert_allclose(observations[:, -len(narrow) :], unit, atol=1e-6)


def episodes_of(environments, tasks, seeds):
    task = environments.task
    history = History(environments.observation_scale, task.action_space, environments.num_envs, 2)
    return play_once(environments, tasks, seeds, history, lambda features, _: np.tanh(features[:, 2:3]))


def test_few_environments_play_what_many_play():
    generator = np.random.default_rng(0)
    tasks, seeds = plain_tasks(generator.random((50, 1))), draw_seeds(generator, 50)
    few, many = (TwinEnvironments(make_twin("BlendCartpole-v0", count, ["pole.length"])) for count in (7, 50))
    assert_same_episodes(episodes_of(few, tasks, seeds), episodes_of(many, tasks, seeds))


def test_a_vector_environment_plays_the_episodes_of_single_ones():
    """Twice, and with others in between: an episode depends on its seed, parameters and actions alone."""
    made = gym.make_vec(
        "BlendCartpoleTwin-v0", num_envs=3, vectorization_mode="vector_entry_point", autoreset_mode="NextStep"
    )
    parameters = make_twin("BlendCartpole-v0", 1, ["pole.length"]).parameters
    environments = VectorEnvironments(made, parameters, 500)
    generator = np.random.default_rng(0)
    tasks, seeds = plain_tasks(generator.random((20, 1))), draw_seeds(generator, 20)
    together = episodes_of(environments, tasks, seeds)
    assert_same_episodes(together, episodes_of(environments, tasks, seeds))
    for number in range(20):
        with_three = plain_tasks(tasks.unit[[number] * 3])
        alone = episodes_of(environments, with_three, seeds[[number] * 3])
        assert alone.lengths.tolist() == [together.lengths[number]] * 3


@pytest.mark.parametrize(
    ("env_id", "message"),
    [
        ("contact_rooms.nudge.task:Nudge", "has no time limit, and a student needs one"),
        ("contact_rooms:Unscored-v0", "does not declare return_range and success_return"),
        ("contact_rooms:Nothing-v0", "no environment 'contact_rooms:Nothing-v0'"),
    ],
)
def test_an_environment_that_students_cannot_be_judged_in_is_refused_before_blender_starts(env_id, message):
    with pytest.raises(InvalidOption, match=message):
        Workplace(env_id, SPACE)


def test_a_student_is_made_as_the_recipe_of_the_room_says():
    student = make_student("ars", NUDGE, SPACE, 0)
    episodes = student.train(Uniform(len(SPACE)), 1)
    student.close()
    assert len(episodes.lengths) == 2 * 4 * 8, "four directions both ways, each in eight tasks"


def test_there_is_no_twin_of_what_has_none():
    with pytest.raises(InvalidOption, match="expected an environment with a twin"):
        make_student("ars", NUDGE, SPACE, 0, twin=True)
