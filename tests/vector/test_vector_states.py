"""Many environments come back to moments of their episodes, each to its own or all to one."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest

from blendgym.errors import InvalidOption, ResetNeeded
from blendgym.testing.rollouts import bits
from blendgym.vector import taken

CARTPOLE = "BlendCartpole-v0"
COUNT = 3


@pytest.fixture
def make():
    """Makes environments on two servers."""
    made = []

    def make_vector(**arguments):
        options = {"num_envs": COUNT, "num_servers": 2, "vectorization_mode": "vector_entry_point"}
        made.append(gym.make_vec(CARTPOLE, **{**options, **arguments}))
        return made[-1]

    yield make_vector
    for envs in made:
        envs.close()


def play(envs, actions):
    return [envs.step(batch)[:4] for batch in actions]


def some_actions(steps):
    return np.random.default_rng(1).uniform(-1.0, 1.0, (steps, COUNT, 1)).astype(np.float32)


@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_what_follows_is_the_same_again_across_episodes_that_begin_by_themselves(make, mode, monkeypatch):
    monkeypatch.setattr(taken, "STEPS_BETWEEN_LOOKS", 4)  # What no episode needs any more is dropped.
    envs = make(autoreset_mode=mode, max_episode_steps=7, randomize=["observation.noise", "action.latency"])
    actions = some_actions(30)
    envs.reset(seed=[1, 2, 3])
    play(envs, actions[:10])
    states = envs.states()
    assert all(state is not None for state in states)
    seen = play(envs, actions[10:13])  # All episodes last longer.
    play(envs, actions[13:])
    envs.restore(states)
    assert bits(play(envs, actions[10:13])) == bits(seen)


def test_one_state_for_all_lets_each_try_something_else_and_single_environments_agree(make):
    envs, env = make(), gym.make(CARTPOLE).unwrapped
    env.reset(seed=4)
    for _ in range(5):
        env.step(np.full(1, 0.5, np.float32))
    state = env.state()
    observations, infos = envs.restore(state)
    assert (observations == observations[0]).all()
    assert infos["randomization"]["seed"].tolist() == [state.record["seed"]] * COUNT
    tried = np.array([[-1.0], [0.0], [1.0]], np.float32)
    after, *_ = envs.step(tried)
    for row, action in enumerate(tried):
        env.restore(state)
        assert bits(env.step(action)[0]) == bits(after[row])
    env.close()


def test_those_without_a_state_go_on_and_time_limits_count_from_the_state(make):
    envs, other = make(max_episode_steps=9), make(max_episode_steps=9)
    actions = some_actions(12)
    for each in (envs, other):
        each.reset(seed=5)
        play(each, actions[:3])
    state = envs.states()[0]
    for each in (envs, other):
        play(each, actions[3:5])
    envs.restore([state, None, None])
    rows, expected = play(envs, actions[5:9]), play(other, actions[5:9])
    for (observations, *_), (others, *_) in zip(rows, expected, strict=True):
        assert bits(observations[1:]) == bits(others[1:])
    assert [row[3].tolist() for row in rows][-1] == [False, True, True]


def test_an_episode_that_is_over_has_no_state(make):
    envs = make(max_episode_steps=2)
    with pytest.raises(ResetNeeded, match=r"states\(\) was called before the first reset"):
        envs.states()
    envs.reset(seed=0)
    play(envs, some_actions(2))
    assert envs.states() == (None,) * COUNT


def test_what_does_not_fit_is_refused(make):
    envs = make()
    envs.reset(seed=0)
    with pytest.raises(InvalidOption, match="There are 1 states for 3 environments"):
        envs.restore([None])
    with pytest.raises(InvalidOption, match="takes what state"):
        envs.restore([1, 2, 3])
