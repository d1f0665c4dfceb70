"""One word gives any algorithm of stable-baselines3 randomization that follows it."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from stable_baselines3 import PPO, SAC
from stable_baselines3.common.env_util import make_vec_env as made_one_by_one
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv, VecFrameStack
from vectors import assert_same

from blendgym.agents import make_vec_env
from blendgym.agents.adaptive import EPISODES_PER_UPDATE, AdaptiveVecEnv, adaptive_selection
from blendgym.agents.curriculum import CurriculumCallback
from blendgym.agents.vec_env import StableBaselinesVecEnv
from blendgym.envs.cartpole.domain import RANGES
from blendgym.errors import InvalidOption, InvalidParameter
from blendgym.parameters.episodes import UNIFORM
from blendgym.registry import suite_rooms
from blendgym.teachers import make_teacher
from blendgym.teachers.plain_states import packed

TWIN = "BlendCartpoleTwin-v0"
SMALL = {"n_steps": 32, "batch_size": 64, "n_epochs": 1, "device": "cpu", "seed": 0}
SLIM = {"learning_starts": 80, "batch_size": 16, "policy_kwargs": {"net_arch": [8]}, "device": "cpu"}


def played(envs, steps, act=None):
    """The records of the episodes that have ended, of a policy that acts at random if no other is given."""
    generator, observations, records = np.random.default_rng(0), envs.reset(), []
    for _ in range(steps):
        noise = generator.uniform(-1.0, 1.0, (envs.num_envs, 1)).astype(np.float32)
        actions = noise if act is None else act(observations)
        observations, _, dones, infos = envs.step(actions)
        records += [
            {**info["randomization"], "return": info["episode"]["r"]}
            for info, done in zip(infos, dones, strict=True)
            if done
        ]
    return records


def balance(observations):
    """Holds up some poles and drops others, by their length, mass and latency."""
    return np.clip(observations @ np.array([[0.1], [0.4], [8.0], [2.5]]), -1.0, 1.0).astype(np.float32)


def test_a_twin_plays_for_stable_baselines_what_single_ones_play():
    def rollout(envs):
        envs.seed(3)
        generator, results = np.random.default_rng(0), [envs.reset()]
        for _ in range(60):
            actions = generator.uniform(-1.0, 1.0, (3, 1)).astype(np.float32)
            results.append((*envs.step(actions), list(envs.reset_infos)))
        return results

    chosen = {"randomize": "dynamics"}
    ours = gym.make_vec(TWIN, 3, vectorization_mode="vector_entry_point", autoreset_mode="SameStep", **chosen)
    theirs = DummyVecEnv([lambda: gym.make(TWIN, **chosen)] * 3)
    assert_same(rollout(StableBaselinesVecEnv(ours)), rollout(theirs))
    assert StableBaselinesVecEnv(ours).get_images() == [None] * 3


def test_one_word_randomizes_the_ranges_of_the_studies_and_goes_where_every_fifth_time_succeeds():
    envs = make_vec_env(TWIN, 64, seed=0, randomize="adaptive")
    records = played(envs, 3500, balance)
    assert set(envs.space) == set(RANGES)
    assert (envs.space["gravity"].low, envs.space["gravity"].high) == RANGES["gravity"]
    adapted = [record for record in records if record["version"] > 0]
    uniform = [record["return"] >= 475.0 for record in adapted if record["tag"] == UNIFORM]
    taught = [record["return"] >= 475.0 for record in adapted if record["tag"] != UNIFORM]
    assert 0.1 < len(uniform) / len(adapted) < 0.3
    assert np.mean(uniform) > 0.38
    assert 0.1 < np.mean(taught) < 0.33
    assert envs.teacher.describe()["gate_reached"] == 1.0


def test_until_the_teacher_has_heard_enough_it_draws_uniformly_and_adapts_every_forty_episodes():
    envs = make_vec_env(TWIN, 8, seed=0, randomize="adaptive")
    records = played(envs, 500)
    assert EPISODES_PER_UPDATE < len(records) < 300
    assert {record["version"] for record in records} == {0}
    described = envs.teacher.describe()
    assert described["updates_skipped"] == len(records) // EPISODES_PER_UPDATE
    assert described["episodes/uniform"] + described["episodes/plain"] >= len(records) - EPISODES_PER_UPDATE


def test_the_teacher_is_written_beside_the_model_and_goes_on_from_there(tmp_path):
    envs = make_vec_env(TWIN, 64, seed=0, randomize="adaptive")
    played(envs, 1800, balance)
    envs.save(tmp_path / "teacher.json")
    again = make_vec_env(TWIN, 16, seed=5, randomize="adaptive")
    again.load(tmp_path / "teacher.json")
    assert packed(again.teacher.state_dict()) == packed(envs.teacher.state_dict())
    assert again.teacher.version > 0
    assert {record["version"] for record in played(again, 60)} >= {again.teacher.version}
    assert [file.name for file in tmp_path.iterdir()] == ["teacher.json"]


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", json.dumps({"dimensions": 3, "version": 0})])
def test_a_file_that_is_no_teacher_is_refused_and_changes_nothing(tmp_path, content):
    if content is not None:
        (tmp_path / "teacher.json").write_text(content)
    envs = make_vec_env(TWIN, 2, seed=0, randomize="adaptive")
    before = packed(envs.teacher.state_dict())
    with pytest.raises(InvalidOption):
        envs.load(tmp_path / "teacher.json")
    assert packed(envs.teacher.state_dict()) == before


NARROW = {"cart.mass": [0.5, 2.0], "pole.length": [0.5, 1.0]}
OTHERS = {
    "other parameters": {"cart.mass": [0.5, 2.0], "gravity": [5.0, 10.0]},
    "fewer": {"cart.mass": [0.5, 2.0]},
    "other bounds": NARROW | {"cart.mass": [0.5, 1.9]},
    "another kind": {"cart.mass": [0.5, 2.0], "action.latency": [0, 3]},
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_teacher_that_knows_other_parameters_is_refused(tmp_path, other):
    saved = AdaptiveVecEnv(make_vec_env(TWIN, 2, seed=0, randomize=OTHERS[other]))
    saved.save(tmp_path / "teacher.json")
    envs = AdaptiveVecEnv(make_vec_env(TWIN, 2, seed=0, randomize=NARROW))
    before = packed(envs.teacher.state_dict())
    with pytest.raises(InvalidOption, match="teacher"):
        envs.load(tmp_path / "teacher.json")
    assert packed(envs.teacher.state_dict()) == before


def test_a_teacher_that_counts_another_outcome_is_refused(tmp_path):
    envs = AdaptiveVecEnv(make_vec_env(TWIN, 2, seed=0, randomize=NARROW))
    envs.save(tmp_path / "teacher.json")
    file = tmp_path / "teacher.json"
    file.write_text(file.read_text().replace('"successes"', '"returns"', 1))
    with pytest.raises(InvalidOption, match="counts returns; here it counts successes"):
        envs.load(file)


@pytest.mark.parametrize("vec_env_cls", [DummyVecEnv, SubprocVecEnv])
def test_environments_of_others_declare_no_parameters_to_adapt(vec_env_cls):
    envs = made_one_by_one("CartPole-v1", 2, vec_env_cls=vec_env_cls)
    with pytest.raises(InvalidOption, match=r"environments of blendgym.*make_vec_env"):
        AdaptiveVecEnv(envs)


@pytest.mark.parametrize("teacher", [None, make_teacher("uniform", np.array([0.5]))])
def test_the_callback_says_so_too(teacher):
    model = PPO("MlpPolicy", made_one_by_one("CartPole-v1", 2), **SMALL)
    with pytest.raises(InvalidOption, match="environments of blendgym"):
        model.learn(10, callback=CurriculumCallback(teacher))


@pytest.mark.parametrize("randomize", ["adaptive", ["adaptive", "length"]])
def test_the_word_is_refused_for_environments_of_others(randomize):
    with pytest.raises(InvalidOption, match=r"CartPole-v1 has no task.*blendgym list"):
        make_vec_env("CartPole-v1", 2, randomize=randomize)


def test_episodes_that_have_begun_under_another_teacher_are_left_out(tmp_path):
    envs = make_vec_env(TWIN, 64, seed=0, randomize="adaptive")
    envs.save(tmp_path / "young.json")
    played(envs, 1800, balance)
    assert envs.teacher.version > 0
    envs.load(tmp_path / "young.json")
    for _ in range(200):
        envs.step(np.ones((64, 1), np.float32))  # All episodes that have begun before end, and many more.
    heard = envs.teacher.describe()
    assert heard["episodes/uniform"] + heard["episodes/plain"] >= 64


def test_environments_without_a_monitor_say_that_there_has_to_be_one():
    envs = DummyVecEnv([lambda: gym.make(TWIN, randomize={"cart.mass": None})])
    with pytest.raises(InvalidOption, match="VecMonitor"):
        PPO("MlpPolicy", envs, **{**SMALL, "n_steps": 256}).learn(256, callback=CurriculumCallback())


def test_what_is_no_space_is_refused_at_once():
    with pytest.raises(InvalidOption, match="expected a ParameterSpace"):
        CurriculumCallback(make_teacher("uniform", np.array([0.5])), ["gravity"])


@pytest.mark.parametrize("teacher", ["adr", 7, make_teacher])
def test_what_is_no_teacher_is_refused_at_once(teacher):
    with pytest.raises(InvalidOption, match="Expected a teacher"):
        CurriculumCallback(teacher)


@pytest.mark.parametrize(("algorithm", "settings"), [(PPO, SMALL), (SAC, SLIM)])
def test_algorithms_learn_in_it_and_log_what_the_teacher_says(algorithm, settings):
    envs = make_vec_env(TWIN, 4, seed=0, randomize="adaptive")
    seen = {}

    class Reading(CurriculumCallback):
        def _on_rollout_end(self):
            super()._on_rollout_end()
            seen.update(self.logger.name_to_value)

    algorithm("MlpPolicy", envs, **settings).learn(128, callback=Reading())
    assert seen["curriculum/episodes/uniform"] + seen["curriculum/episodes/plain"] >= 0.0
    assert "curriculum/concentration" in seen


def test_it_can_be_told_what_to_randomize_and_is_found_below_other_wrappers():
    envs = VecFrameStack(make_vec_env(TWIN, 2, seed=0, randomize=["adaptive", "cart.mass", "actuator"]), 2)
    assert list(envs.space) == ["cart.mass", "action.latency"]
    callback = CurriculumCallback()
    PPO("MlpPolicy", envs, **SMALL).learn(64, callback=callback)
    assert callback.teacher is envs.teacher


def test_the_callback_alone_teaches_what_is_randomized_by_the_same_teacher():
    envs = make_vec_env(TWIN, 4, seed=0, randomize={"gravity": [1.0, 20.0], "action.latency": None})
    callback = CurriculumCallback()
    PPO("MlpPolicy", envs, **SMALL).learn(2 * 128, callback=callback)
    assert callback.teacher.dimensions == 2
    assert callback.teacher.describe()["episodes/uniform"] > 0


def test_two_teachers_for_the_same_environments_are_refused():
    envs = make_vec_env(TWIN, 2, seed=0, randomize="adaptive")
    other = CurriculumCallback(make_teacher("uniform", envs.space.nominal_unit))
    with pytest.raises(InvalidOption, match="has its own teacher"):
        PPO("MlpPolicy", envs, **SMALL).learn(64, callback=other)


def test_nothing_to_adapt_is_refused():
    with pytest.raises(InvalidOption, match="Nothing is randomized"):
        AdaptiveVecEnv(make_vec_env(TWIN, 2))


def test_hidden_parameters_are_hidden_from_the_teacher_too():
    envs = make_vec_env(TWIN, 2, seed=0, randomize="adaptive", expose="hidden")
    with pytest.raises(InvalidOption, match="hidden"):
        played(envs, 200)


def test_a_single_environment_says_where_the_word_belongs():
    with pytest.raises(InvalidParameter, match=r"blendgym\.agents\.make_vec_env"):
        gym.make(TWIN, randomize="adaptive")


@pytest.mark.parametrize("room", suite_rooms(), ids=lambda room: room.id)
def test_every_environment_of_the_suite_has_ranges_to_adapt_within(room):
    for env_id in (*room.ids, *([room.twin_id] if room.twin else [])):
        assert len(adaptive_selection(env_id, "adaptive")) == 6


def test_the_example_of_the_documentation_runs(tmp_path, monkeypatch):
    text = (Path(__file__).parents[2] / "docs" / "training.md").read_text()
    (example,) = re.findall(r"```python\n([^`]*\"adaptive\".*?)```", text, re.DOTALL)
    short = example.replace("100_000", "64").replace('PPO("MlpPolicy", envs)', 'PPO("MlpPolicy", envs, n_steps=8)')
    assert short.count("64") == short.count("n_steps=8") == 1
    monkeypatch.chdir(tmp_path)
    Path("example.py").write_text(short, encoding="utf-8")
    runpy.run_path("example.py")["envs"].close()
    assert {file.name for file in tmp_path.iterdir()} == {"example.py", "model.zip", "teacher.json"}
