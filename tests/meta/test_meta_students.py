"""The meta-environment with students that learn in an environment: in a twin, and in Blender."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import psutil
import pytest
from gymnasium.utils.env_checker import check_env as check_by_gymnasium
from stable_baselines3.common.env_checker import check_env as check_by_stable_baselines3

import blendgym.envs  # noqa: F401  # registers the ids

HOPELESS = {"pole.length": [0.2, 0.4], "action.latency": [4, 7]}
"""Poles that fall soon whatever one has learnt, so that the 128 episodes of the probe are short."""

ON_A_TWIN = {
    "student": "ars", "twin": True, "steps_per_action": 2_000, "actions_per_episode": 3,
    "student_arguments": {"directions": 4, "best": 2, "steps_per_update": 200},
}  # fmt: skip
IN_BLENDER = {
    "student": "sb3", "twin": False, "steps_per_action": 512, "actions_per_episode": 2,
    "student_arguments": {"num_envs": 16, "hyperparameters": {"n_steps": 32, "batch_size": 64, "n_epochs": 1}},
}  # fmt: skip
ACTIONS = np.random.default_rng(0).uniform(-1.0, 1.0, (3, 4)).astype(np.float32)


@pytest.fixture
def make():
    """Makes meta-environments, and closes them after the test."""
    made = []

    def make_one(arguments):
        made.append(gym.make("BlendAdaptiveDR-v0", task="BlendCartpole-v0", randomize=HOPELESS, **arguments))
        return made[-1]

    yield make_one
    for env in made:
        env.close()


def life(env, seed):
    """Everything that one student's training shows."""
    seen, over = [env.reset(seed=seed)], False
    for action in ACTIONS:
        if not over:
            seen.append(env.step(action))
            over = seen[-1][3]
    return seen


def assert_trained_for_its_budget(seen, arguments):
    (_, begun), *steps = seen
    charged = np.array([0, *(info["charged_steps"] for *_, info in steps)])
    budget = arguments["steps_per_action"] * arguments["actions_per_episode"]
    assert (np.diff(charged) >= arguments["steps_per_action"]).all()
    assert [truncated for *_, truncated, _ in steps] == (charged[1:] >= budget).tolist()
    assert charged[-1] >= budget
    assert sum(step[1] for step in steps) == pytest.approx(steps[-1][-1]["score"] - begun["score"], abs=1e-12)
    assert any(step[1] != 0.0 for step in steps), "the student should have changed"


def test_random_search_on_a_twin_is_taught_the_same_with_the_same_seed(make):
    env = make(ON_A_TWIN)
    first, other, again = (life(env, seed) for seed in (3, 4, 3))
    assert_trained_for_its_budget(first, ON_A_TWIN)
    np.testing.assert_equal(again, first)
    assert other[-1][-1]["score"] != first[-1][-1]["score"]


def test_branches_of_a_training_on_a_twin_are_identical(make):
    env, elsewhere = make(ON_A_TWIN), make(ON_A_TWIN)
    env.reset(seed=1)
    env.step(ACTIONS[0])
    snapshot = env.unwrapped.snapshot()
    straight_on = [env.unwrapped.step(action) for action in ACTIONS[1:]]
    for at in (env.unwrapped, elsewhere.unwrapped):
        at.restore(snapshot)
        np.testing.assert_equal([at.step(action) for action in ACTIONS[1:]], straight_on)


def test_it_passes_the_checks_with_a_student_on_a_twin(make):
    env = make(ON_A_TWIN).unwrapped
    check_by_gymnasium(env)
    check_by_stable_baselines3(env, skip_render_check=True)


def test_stable_baselines3_in_blender_is_taught_and_leaves_no_server_behind(make):
    before, arguments = len(psutil.Process().children()), {**IN_BLENDER, "actions_per_episode": 1}
    env = make(arguments)
    assert_trained_for_its_budget(life(env, seed=3), arguments)
    assert len(psutil.Process().children()) == before + 2, "one to train in and one for the probe"
    env.close()
    assert len(psutil.Process().children()) == before


@pytest.mark.endurance
def test_stable_baselines3_in_blender_is_taught_the_same_with_the_same_seed(make):
    before, env = len(psutil.Process().children()), make(IN_BLENDER)
    first, again = life(env, seed=3), life(env, seed=3)
    assert_trained_for_its_budget(first, IN_BLENDER)
    np.testing.assert_equal(again, first)
    assert len(psutil.Process().children()) == before + 2, "those of the first student should have ended"


def test_a_server_that_dies_within_an_episode_ends_the_training_with_its_error(make):
    before, env = set(psutil.Process().children()), make(IN_BLENDER)
    env.reset(seed=3)
    charged = env.step(ACTIONS[0])[-1]["charged_steps"]
    for server in set(psutil.Process().children()) - before:
        server.kill()
    observation, reward, terminated, truncated, info = env.step(ACTIONS[1])
    assert env.observation_space.contains(observation)
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert info["failure"]["code"] == "server_died"
    assert info["charged_steps"] == charged


def test_an_environment_with_contacts_has_no_twin_and_is_learnt_in_blender_the_same_with_the_same_seed():
    seen = []
    for _ in range(2):
        env = gym.make(
            "BlendAdaptiveDR-v0", task="contact_rooms:Nudge-v0", student="ars", randomize="all", steps_per_action=300,
            actions_per_episode=1, student_arguments={"directions": 4, "best": 2, "steps_per_update": 300},
        )  # fmt: skip
        seen.append([env.reset(seed=1), env.step(ACTIONS[0])])
        env.close()
    np.testing.assert_equal(seen[0], seen[1])
    (_, begun), (_, gain, _, truncated, info) = seen[0]
    assert info["parameters"] == ("paddle.mass", "force.scale")
    assert truncated
    assert gain == info["score"] - begun["score"] != 0.0
