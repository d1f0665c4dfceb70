"""stable-baselines3 in Blender as a student, and teachers in its training loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecFrameStack

from blendgym.agents import make_vec_env
from blendgym.agents.curriculum import CurriculumCallback
from blendgym.agents.episode_feedback import ended_episodes
from blendgym.agents.frames import LastFrames
from blendgym.agents.networks import SmallCNN
from blendgym.agents.students.making import make_student
from blendgym.envs.cartpole.task import Cartpole
from blendgym.errors import InvalidOption, StudentDiverged
from blendgym.parameters.episodes import plain_tasks
from blendgym.parameters.selection import select
from blendgym.teachers.teacher import Teacher

SPACE = select(Cartpole.parameters, ["pole.length", "action.latency"])
SMALL = {"n_steps": 32, "batch_size": 32, "n_epochs": 1}
SHORT = np.array([[0.0, 1.0], [0.1, 0.9], [0.0, 0.9], [0.05, 1.0]])
"""Tasks in which poles fall soon."""


class Counting(Teacher):
    """Short tasks, each with a tag of its own; notes what it was told."""

    def __init__(self, dimensions=2, trains=True):
        super().__init__(dimensions)
        self.trains, self.handed_out, self.told, self.calls = trains, {}, [], []

    def sample(self, generator, count):
        places = SHORT[generator.integers(len(SHORT), size=count)] + 1e-3 * generator.uniform(-1.0, 1.0, (count, 2))
        tasks = plain_tasks(np.clip(places, 0.0, 1.0), self.version, tag=len(self.handed_out))
        self.handed_out[len(self.handed_out)] = tasks.unit[0]
        return tasks._replace(trains=np.full(count, self.trains))

    def observe(self, episodes):
        self.calls.append("observe")
        self.told.append(episodes)

    def update(self):
        self.calls.append("update")
        self.version += 1

    def density(self, unit):
        return np.ones(len(unit))


@pytest.fixture(scope="module")
def student():
    made = make_student("sb3", "BlendCartpole-v0", SPACE, 0, num_envs=2, hyperparameters=SMALL)
    yield made
    made.close()


@pytest.fixture(scope="module")
def envs():
    made = make_vec_env("BlendCartpole-v0", 2, seed=0)
    yield made
    made.close()


def test_episodes_come_with_the_task_they_were_played_in_and_all_steps_are_charged(student):
    teacher = Counting()
    charged = student.charged_steps
    episodes = student.train(teacher, 100)
    assert student.charged_steps - charged == 2 * 32 * 2
    assert len(episodes.lengths) > 4
    assert student.charged_steps - charged - 2 * 500 < episodes.steps <= student.charged_steps - charged
    for tag, unit in zip(episodes.tags, episodes.unit, strict=True):
        np.testing.assert_array_equal(unit, teacher.handed_out[tag])
    np.testing.assert_array_equal(episodes.returns, episodes.lengths)


def test_evaluation_changes_nothing_and_is_the_same_for_the_same_seed(student):
    student.train(Counting(), 60)
    charged, before = student.charged_steps, student.state_dict()["parameters"]["policy"]
    first, again, other = (student.evaluate(SHORT[:3], seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.returns, again.returns)
    assert (first.returns != other.returns).any()
    assert student.charged_steps == charged
    after = student.state_dict()["parameters"]["policy"]
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_an_evaluation_does_not_depend_on_how_many_environments_play_it(student):
    longer = np.clip(SHORT[::-1] + np.array([0.3, 0.0]), 0.0, 1.0)
    unit = np.concatenate([SHORT, longer])
    on_two = student.evaluate(unit, 1)
    other = make_student("sb3", "BlendCartpole-v0", SPACE, 0, num_envs=5, num_servers=2, hyperparameters=SMALL)
    try:
        other.load_state_dict(student.state_dict())
        on_five = other.evaluate(unit, 1)
    finally:
        other.close()
    assert len(set(on_two.lengths.tolist())) > 3
    np.testing.assert_array_equal(on_two.lengths, on_five.lengths)
    np.testing.assert_array_equal(on_two.returns, on_five.returns)
    np.testing.assert_array_equal(on_two.unit, unit)


def test_a_state_brings_the_policy_and_the_optimizer_back(student):
    student.train(Counting(), 60)
    state = student.state_dict()
    before = student.evaluate(SHORT[:2], 1).returns
    student.train(Counting(), 60)
    student.load_state_dict(state)
    np.testing.assert_array_equal(student.evaluate(SHORT[:2], 1).returns, before)
    restored = student.state_dict()["parameters"]["policy.optimizer"]["state"]["0"]["exp_avg"]
    np.testing.assert_array_equal(restored, state["parameters"]["policy.optimizer"]["state"]["0"]["exp_avg"])


def test_weights_that_are_not_finite_are_told(student):
    state = student.state_dict()
    bad = student.state_dict()
    bad["parameters"]["policy"]["action_net.weight"][:] = np.nan
    student.load_state_dict(bad)
    try:
        with pytest.raises(StudentDiverged, match="not finite"):
            student.train(Counting(), 60)
        with pytest.raises(StudentDiverged, match="not finite"):
            student.evaluate(SHORT, 0)
    finally:
        student.load_state_dict(state)


def test_a_small_network_has_one_thread_and_other_networks_as_many_as_before(student):
    class Watching(Counting):
        def sample(self, generator, count):
            self.threads = torch.get_num_threads()
            return super().sample(generator, count)

    teacher, threads = Watching(), torch.get_num_threads()
    torch.set_num_threads(threads + 1)
    try:
        student.train(teacher, 60)
        assert (teacher.threads, torch.get_num_threads()) == (1, threads + 1)
    finally:
        torch.set_num_threads(threads)


def test_what_does_not_train_is_refused_because_stable_baselines3_would_learn_from_it(student):
    with pytest.raises(InvalidOption, match="does not train"):
        student.train(Counting(trains=False), 2_000)


def test_the_last_frames_are_put_together_as_stable_baselines3_does_it():
    envs, seen = VecFrameStack(make_vec_env("BlendCartpoleTwin-v0", 3, seed=0), 3), LastFrames(3)
    generator, over = np.random.default_rng(0), np.ones(3, np.bool_)
    stacked = envs.reset()
    seen.begin(over, stacked[:, -4:])
    ended = 0
    for _ in range(60):
        stacked, _, over, _ = envs.step(generator.uniform(-1.0, 1.0, (3, 1)).astype(np.float32))
        seen.push(stacked[:, -4:])
        seen.begin(over, stacked[:, -4:])
        np.testing.assert_array_equal(seen.observations, stacked)
        ended += over.sum()
    assert ended


def test_a_student_that_sees_images_learns_and_is_evaluated_by_the_recipe_for_images():
    settings = {"n_steps": 8, "batch_size": 16, "n_epochs": 1, "policy_kwargs": {"features_extractor_class": SmallCNN}}
    student = make_student(
        "sb3", "BlendCartpole-v0", SPACE, 0, obs_type="rgb", num_envs=2, hyperparameters=settings
    )  # fmt: skip
    try:
        student.train(Counting(), 16)
        together, alone = student.evaluate(SHORT[:3], 1), student.evaluate(SHORT[:1], 1)
    finally:
        student.close()
    weights = student.state_dict()["parameters"]["policy"]
    first = next(array for name, array in weights.items() if array.ndim == 4)
    assert first.shape[1] == 3 * 3, "three images of three colours"
    assert together.lengths.min() > 1
    assert alone.lengths[0] == together.lengths[0], "what was seen in another episode does not matter"


def test_unknown_algorithms_are_refused():
    with pytest.raises(InvalidOption, match="'a2c'; expected one of 'ppo', 'sac'"):
        make_student("sb3", "BlendCartpole-v0", SPACE, 0, algorithm="a2c")


def test_a_teacher_hears_of_every_episode_it_began_and_is_updated_after_each_rollout(envs):
    teacher, model = Counting(), PPO("MlpPolicy", envs, device="cpu", seed=0, **SMALL)
    callback = CurriculumCallback(teacher, SPACE)
    ended = Ended()
    model.learn(2 * 32 * 2, callback=[callback, ended])
    model.learn(2 * 32 * 2, callback=[callback, ended], reset_num_timesteps=False)
    told = [tag for episodes in teacher.told for tag in episodes.tags.tolist()]
    assert len(told) == ended.count - 2 > 0
    assert len(set(told)) == len(told)
    for episodes in teacher.told:
        for tag, unit in zip(episodes.tags, episodes.unit, strict=True):
            np.testing.assert_array_equal(unit, teacher.handed_out[tag])
    assert teacher.calls.count("update") == 4
    assert teacher.version == 4


class Ended(BaseCallback):
    """Counts episodes."""

    count = 0

    def _on_step(self):
        self.count += int(self.locals["dones"].sum())
        return True


def test_teachers_train_with_gradients_and_not_inside_of_inference(envs):
    class Learning(Counting):
        def sample(self, generator, count):
            self.modes = {torch.is_inference_mode_enabled()}
            return super().sample(generator, count)

        def update(self):
            assert torch.is_grad_enabled()
            assert not torch.is_inference_mode_enabled()
            super().update()

    teacher = Learning()
    PPO("MlpPolicy", envs, device="cpu", **SMALL).learn(64, callback=CurriculumCallback(teacher, SPACE))
    assert teacher.modes == {False}


def test_a_teacher_of_another_number_of_dimensions_is_refused():
    with pytest.raises(InvalidOption, match="3 dimensions, the space 2"):
        CurriculumCallback(Counting(3), SPACE)


def test_episodes_that_a_failure_has_cut_off_are_left_out():
    record = {"unit": np.zeros(2), "tag": 1, "version": 0}
    whole = {"randomization": record, "episode": {"r": 3.0, "l": 3}}
    infos = [whole, {**whole, "error": {"code": "server_died"}}, whole]
    episodes = ended_episodes(infos, [True, True, False], Cartpole(), 2)
    assert episodes.returns.tolist() == [3.0]


def test_soft_actor_critic_is_a_student_too():
    small = {"learning_starts": 20, "buffer_size": 500, "batch_size": 16}
    made = make_student("sb3", "BlendCartpole-v0", SPACE, 0, algorithm="sac", num_envs=2, hyperparameters=small)
    untrained, teacher = made.state_dict(), Counting()
    episodes = made.train(teacher, 80)
    assert made.charged_steps == 80
    for tag, unit in zip(episodes.tags, episodes.unit, strict=True):
        np.testing.assert_array_equal(unit, teacher.handed_out[tag])
    trained = made.state_dict()
    with pytest.raises(AssertionError):
        np.testing.assert_equal(trained["parameters"]["policy"], untrained["parameters"]["policy"])
    made.load_state_dict(untrained)
    np.testing.assert_equal(made.state_dict(), untrained)
    made.load_state_dict(trained)
    np.testing.assert_equal(made.state_dict(), trained)
    assert len(made.evaluate(SHORT, 1).returns) == len(SHORT)
    made.close()
