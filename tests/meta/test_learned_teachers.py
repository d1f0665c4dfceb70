"""Teachers that were learned in the meta-environment, as files, and how they are learned."""

from __future__ import annotations

import json

import numpy as np
import pytest
from meta_environments import NAMES, episodes_at, make

from blendgym.agents.students.competence_field import CompetenceField
from blendgym.errors import InvalidOption
from blendgym.meta.evolution import Search, centred_ranks
from blendgym.meta.files import TeacherFile
from blendgym.meta.judging import EVALUATION_SEED
from blendgym.meta.learned import LearnedTeacher
from blendgym.meta.playing import at_random, keep, play, widen
from blendgym.meta.policies import AcquisitionPolicy, SharedPolicy
from blendgym.meta.steered_acquisition import ACQUISITION_FEATURES
from blendgym.meta.training import train_teacher
from blendgym.parameters.episodes import UNIFORM
from blendgym.studies.arms import make_arm
from blendgym.teachers.acquisition import RECIPE


def perturbed(kind, seed=1):
    """A policy that has learned nothing, but does something."""
    return kind.linear(0.3 * np.random.default_rng(seed).normal(size=kind.size()))


@pytest.mark.parametrize("kind", [SharedPolicy, AcquisitionPolicy])
def test_a_learned_teacher_acts_as_its_policy_does_in_the_meta_environment(kind, tmp_path):
    policy, seeds = perturbed(kind), []
    TeacherFile(policy, steps_per_action=6_400, actions=12).save(tmp_path / "teacher.npz")

    def maker(parameters, seed):
        seeds.append(seed)
        return CompetenceField(parameters, seed)

    env = make(student=maker, action=policy.action, actions_per_episode=12)
    space = env.unwrapped.parameters
    teacher = LearnedTeacher(space, tmp_path / "teacher.npz")
    observation, _ = env.reset(seed=0)
    student = CompetenceField(space, seeds[0])
    for _ in range(12):
        observation, _, _, _, info = env.step(policy.act(observation).astype(np.float32))
        teacher.observe(student.train(teacher, 6_400))
        np.testing.assert_allclose(teacher.steered.bounds, [info["low"], info["high"]], atol=1e-5)
        teacher.update()


@pytest.mark.parametrize("kind", [SharedPolicy, AcquisitionPolicy])
def test_a_learned_teacher_resumes_in_the_middle(kind, tmp_path):
    TeacherFile(perturbed(kind), steps_per_action=6_400, actions=12).save(tmp_path / "teacher.npz")
    space = make().unwrapped.parameters
    student = CompetenceField(space, 0)
    one, other = (LearnedTeacher(space, tmp_path / "teacher.npz") for _ in range(2))
    for _ in range(8):
        one.observe(student.train(one, 6_400))
        one.update()
    other.load_state_dict(one.state_dict())
    episodes = student.train(one, 6_400)
    for teacher in (one, other):
        teacher.observe(episodes)
        teacher.update()
    np.testing.assert_equal(one.state_dict(), other.state_dict())


def test_one_file_teaches_tasks_of_three_and_of_six_parameters(tmp_path):
    policy = perturbed(AcquisitionPolicy)
    TeacherFile(policy, steps_per_action=6_400, actions=20).save(tmp_path / "teacher.npz")
    for names in (NAMES, (*NAMES, "gravity", "force.scale", "action.latency")):
        env = make(action="acquisition", randomize=names)
        assert env.observation_space.shape == (policy.inputs,)
        space = env.unwrapped.parameters
        teacher, student = LearnedTeacher(space, tmp_path / "teacher.npz"), CompetenceField(space, 0)
        aims = []
        for _ in range(20):
            teacher.observe(student.train(teacher, 6_400))
            teacher.update()
            aims.append(tuple(teacher.describe()[name] for name in ("target", "sharpness", "share")))
        assert teacher.sample(np.random.default_rng(0), 5).unit.shape == (5, len(names))
        assert len(set(aims)) > 10, "it looks at what it sees"


def test_no_floor_is_put_under_a_policy_that_chooses_its_share(tmp_path):
    to_the_ends = np.zeros((AcquisitionPolicy.outputs, AcquisitionPolicy.inputs + 1))
    to_the_ends[:, -1] = 1.0
    policy = AcquisitionPolicy.linear(to_the_ends.ravel())
    TeacherFile(policy, steps_per_action=6_400, actions=8).save(tmp_path / "teacher.npz")
    space = make().unwrapped.parameters
    teacher = make_arm(str(tmp_path / "teacher.npz"), space)
    tags = teacher.sample(np.random.default_rng(0), 20_000).tags
    assert (tags == UNIFORM).mean() == pytest.approx(0.05, abs=0.01)


def test_a_study_tells_a_learned_teacher_how_long_it_is(tmp_path):
    left = np.zeros((AcquisitionPolicy.outputs, AcquisitionPolicy.inputs + 1))
    left[2, ACQUISITION_FEATURES.index("budget_left")] = 1.0
    TeacherFile(AcquisitionPolicy.linear(left.ravel()), 6_400, actions=1).save(tmp_path / "teacher.npz")
    space = make().unwrapped.parameters
    teacher = make_arm(str(tmp_path / "teacher.npz"), space, budget=12_800)
    teacher.observe(CompetenceField(space, 0).train(teacher, 6_400))
    teacher.update()
    assert teacher.describe()["share"] == pytest.approx(RECIPE.share), "half of the budget is left"


def test_a_file_that_holds_no_policy_is_refused(tmp_path):
    for name, content in (("text.npz", b"no arrays"), ("empty.npz", b"")):
        (tmp_path / name).write_bytes(content)
    shape = {"weights_0": np.zeros((3, 3)), "biases_0": np.zeros(3)}
    np.savez(tmp_path / "other.npz", action="bounds", steps_per_action=1, actions=1, **shape)
    np.savez(tmp_path / "option.npz", action="teacher", steps_per_action=1, actions=1, **shape)
    for name in ("text.npz", "empty.npz", "other.npz", "option.npz", "missing.npz"):
        with pytest.raises(InvalidOption):
            LearnedTeacher(make().unwrapped.parameters, tmp_path / name)


def test_a_learned_teacher_decides_once_in_so_many_steps(tmp_path):
    policy = SharedPolicy.linear(np.random.default_rng(1).normal(size=SharedPolicy.size()))
    TeacherFile(policy, steps_per_action=1_000, actions=8).save(tmp_path / "teacher.npz")
    teacher = LearnedTeacher(make().unwrapped.parameters, tmp_path / "teacher.npz")
    generator, versions = np.random.default_rng(0), []
    for _ in range(12):
        tasks = teacher.sample(generator, 40)
        teacher.observe(episodes_at(tasks.unit, tasks.tags, generator.random(40) < 0.5))  # 400 steps
        teacher.update()
        versions.append(teacher.version)
    assert np.flatnonzero(np.diff(versions)).tolist() == [1, 4, 7, 10], "after 1,200 steps each"


def test_references_are_played_from_their_own_starts():
    env = make()
    gains = {
        "stays": play(env, keep, 3), "uniform": play(env, keep, 3, start="uniform"), "widens": play(env, widen, 3),
        "random": play(env, at_random(np.random.default_rng(0), 6), 3),
    }  # fmt: skip
    assert len(set(gains.values())) == 4


def test_evolution_climbs_to_the_top_of_a_known_hill():
    top, search = np.array([0.5, -1.0, 0.2]), Search(3, seed=0)
    for _ in range(200):
        search.advance(lambda weights, _: -np.abs(weights - top).sum(axis=1))
    assert np.abs(search.mean - top).max() < 0.1


def test_ranks_are_centred_and_shared_by_equals():
    np.testing.assert_allclose(centred_ranks(np.array([3.0, 1.0, 2.0])), [0.5, -0.5, 0.0])
    np.testing.assert_allclose(centred_ranks(np.array([5.0, 5.0, 5.0])), 0.0)


@pytest.mark.learning
@pytest.mark.parametrize("learner", ["ppo", "evolution"])
def test_a_teacher_is_learned_that_beats_uniform_and_random_ones(learner, tmp_path):
    names = (*NAMES, "force.scale", "action.latency")
    arguments = {
        "student": "field",
        "action": "bounds",
        "randomize": names,
        "steps_per_action": 12_800,
        "actions_per_episode": 30,
    }
    ranking = train_teacher(tmp_path, arguments, learner, meta_episodes=200, seed=0, judged=8)
    gains = {each.name: each.gain.estimate for each in ranking}
    assert gains["learned"] > max(gains["uniform"], gains["random"]) + 0.2
    kept = TeacherFile.load(tmp_path / "teacher.npz").policy
    recorded = json.loads((tmp_path / "result.json").read_text())["gains"]["learned"]
    assert play(make(**arguments), kept.act, EVALUATION_SEED) == recorded[0]
