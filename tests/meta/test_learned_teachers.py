"""Teachers that were learned in the meta-environment, as files, and how they are learned."""

from __future__ import annotations

import json

import numpy as np
import pytest
from meta_environments import NAMES, episodes_at, make

from blendgym.agents.students.competence_field import CompetenceField
from blendgym.errors import InvalidOption
from blendgym.meta.evolution import centred_ranks, evolve
from blendgym.meta.files import TeacherFile
from blendgym.meta.learned import LearnedTeacher
from blendgym.meta.life import FLOOR
from blendgym.meta.observations import Observation
from blendgym.meta.playing import at_random, keep, play
from blendgym.meta.policies import WEIGHTS, SharedPolicy
from blendgym.meta.training import EVALUATION_SEED, train_teacher
from blendgym.teachers import Mix


def test_a_learned_teacher_moves_the_bounds_as_its_policy_does_in_the_meta_environment(tmp_path):
    policy = SharedPolicy.linear(0.3 * np.random.default_rng(1).normal(size=WEIGHTS))
    TeacherFile(policy, steps_per_action=6_400, actions=8).save(tmp_path / "teacher.npz")
    seeds = []

    def maker(parameters, seed):
        seeds.append(seed)
        return CompetenceField(parameters, seed)

    env = make(student=maker)
    space = env.unwrapped.parameters
    teacher = LearnedTeacher(space.nominal_unit, tmp_path / "teacher.npz")
    observation, _ = env.reset(seed=0)
    student, mix = CompetenceField(space, seeds[0]), Mix(teacher, FLOOR)
    for _ in range(8):
        observation, _, _, _, info = env.step(policy(Observation.from_flat(observation)).astype(np.float32))
        np.testing.assert_allclose([teacher.low, teacher.high], [info["low"], info["high"]], atol=1e-5)
        mix.observe(student.train(mix, 6_400))
        mix.update()


def test_a_learned_teacher_resumes_in_the_middle(tmp_path):
    policy = SharedPolicy.linear(np.random.default_rng(1).normal(size=WEIGHTS))
    TeacherFile(policy, steps_per_action=6_400, actions=8).save(tmp_path / "teacher.npz")
    space = make().unwrapped.parameters
    student = CompetenceField(space, 0)
    one, other = (LearnedTeacher(space.nominal_unit, tmp_path / "teacher.npz") for _ in range(2))
    for _ in range(3):
        one.observe(student.train(Mix(one), 6_400))
        one.update()
    other.load_state_dict(one.state_dict())
    episodes = student.train(Mix(one), 6_400)
    for teacher in (one, other):
        teacher.observe(episodes)
        teacher.update()
    np.testing.assert_equal(one.state_dict(), other.state_dict())


def test_a_file_that_holds_no_policy_is_refused(tmp_path):
    for name, content in (("text.npz", b"no arrays"), ("empty.npz", b"")):
        (tmp_path / name).write_bytes(content)
    shape = {"weights_0": np.zeros((3, 3)), "biases_0": np.zeros(3)}
    np.savez(tmp_path / "other.npz", steps_per_action=1, actions=1, **shape)
    for name in ("text.npz", "empty.npz", "other.npz", "missing.npz"):
        with pytest.raises(InvalidOption):
            LearnedTeacher(np.full(2, 0.5), tmp_path / name)


def test_a_learned_teacher_decides_once_in_so_many_steps(tmp_path):
    policy = SharedPolicy.linear(np.random.default_rng(1).normal(size=WEIGHTS))
    TeacherFile(policy, steps_per_action=1_000, actions=8).save(tmp_path / "teacher.npz")
    teacher = LearnedTeacher(np.full(2, 0.5), tmp_path / "teacher.npz")
    generator, versions = np.random.default_rng(0), []
    for _ in range(12):
        tasks = teacher.sample(generator, 40)
        teacher.observe(episodes_at(tasks.unit, tasks.tags, generator.random(40) < 0.5))  # 400 steps
        teacher.update()
        versions.append(teacher.version)
    assert np.flatnonzero(np.diff(versions)).tolist() == [1, 4, 7, 10], "after 1,200 steps each"


def test_a_random_teacher_and_uniform_are_played_from_their_own_starts():
    env = make()
    assert play(env, at_random(np.random.default_rng(0)), 3) != play(env, keep, 3)
    assert play(env, keep, 3, start="uniform") != play(env, keep, 3)


def test_evolution_climbs_to_the_top_of_a_known_hill():
    top = np.array([0.5, -1.0, 0.2])
    search = evolve(lambda weights, seed: -np.abs(weights - top).sum(), 3, 200, np.random.default_rng(0))
    assert np.abs(list(search)[-1].mean - top).max() < 0.1


def test_ranks_are_centred_and_shared_by_equals():
    np.testing.assert_allclose(centred_ranks(np.array([3.0, 1.0, 2.0])), [0.5, -0.5, 0.0])
    np.testing.assert_allclose(centred_ranks(np.array([5.0, 5.0, 5.0])), 0.0)


@pytest.mark.learning
@pytest.mark.parametrize("learner", ["ppo", "evolution"])
def test_a_teacher_is_learned_that_beats_uniform_and_random_ones(learner, tmp_path):
    names = (*NAMES, "force.scale", "action.latency")
    arguments = {"student": "field", "randomize": names, "steps_per_action": 12_800, "actions_per_episode": 30}
    gains = train_teacher(tmp_path, arguments, learner, meta_episodes=200, seed=0, judged=8)
    assert gains["learned"] > max(gains["uniform"], gains["random"]) + 0.2
    kept = TeacherFile.load(tmp_path / "teacher.npz").policy
    recorded = json.loads((tmp_path / "result.json").read_text())["gains"]["learned"]
    assert play(make(**arguments), kept, EVALUATION_SEED) == recorded[0]
