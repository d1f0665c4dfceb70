"""Named observations and several choices in many environments: those of single environments, bit for bit."""

from __future__ import annotations

import copy

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.wrappers import FlattenObservation, RecordEpisodeStatistics
from gymnasium.wrappers import vector as vector_wrappers
from named import CHOSEN, NAMED
from vectors import assert_same, in_mode

from blendgym.registry import environment_spec

COUNT, STEPS, LIMIT, SEED = 3, 20, 6, 4
ACTIONS = np.random.default_rng(1).integers(0, [3, 2], (STEPS, COUNT, 2))
EVERYTHING = {"obs_type": "state_rgb", "width": 8, "height": 6, "randomize": "all", "expose": "observation"}


def spec_of(task, **arguments):
    spec = copy.deepcopy(environment_spec(task))
    spec.max_episode_steps = LIMIT
    spec.kwargs.update(arguments)
    return spec


def make_vec(task=NAMED, mode=AutoresetMode.NEXT_STEP, num_envs=COUNT, **arguments):
    spec = spec_of(task, **arguments)
    return gym.make_vec(spec, num_envs, vectorization_mode="vector_entry_point", autoreset_mode=mode)


def results_of(envs, mode):
    """Everything that comes of the actions."""
    results = [envs.reset(seed=SEED)]
    for actions in ACTIONS:
        results.append(envs.step(actions))
        over = results[-1][2] | results[-1][3]
        if mode is AutoresetMode.DISABLED and over.any():
            results.append(envs.reset(options={"reset_mask": over}))
    return results


@pytest.fixture(scope="module")
def singles():
    """Makes single environments under Gymnasium's own vector environment; those of the same arguments once."""
    made = {}

    def make(task, mode, **arguments):
        key = (task, bool(arguments))
        if key not in made:
            made[key] = SyncVectorEnv([lambda: gym.make(spec_of(task, **arguments))] * COUNT)
        return in_mode(made[key], mode)

    yield make
    for envs in made.values():
        envs.close()


@pytest.mark.parametrize(
    "arguments", [pytest.param({}, marks=pytest.mark.long), EVERYTHING], ids=["state", "everything"]
)
@pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)
def test_they_are_those_of_single_environments_in_every_mode(singles, mode, arguments):
    ours, theirs = make_vec(mode=mode, num_servers=2, **arguments), singles(NAMED, mode, **arguments)
    assert ours.observation_space == theirs.observation_space
    assert ours.action_space == theirs.action_space
    found, expected = results_of(ours, mode), results_of(theirs, mode)
    ours.close()
    assert all(ours.observation_space.contains(result[0]) for result in found)
    assert_same(found, expected)


@pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)
def test_a_single_choice_is_observed_in_every_mode(singles, mode):
    ours = make_vec(CHOSEN, mode)
    assert_same(results_of(ours, mode), results_of(singles(CHOSEN, mode), mode))
    ours.close()


def test_what_is_handed_out_belongs_to_whoever_has_it():
    envs = make_vec()
    first, _ = envs.reset(seed=SEED)
    kept = copy.deepcopy(first)
    second = envs.step(ACTIONS[0])[0]
    assert_same(first, kept)
    for array in second.values():
        array[:] = 0
    assert envs.step(ACTIONS[1])[0]["lamps"].any()
    envs.close()


def test_gymnasiums_wrappers_take_them():
    env = RecordEpisodeStatistics(FlattenObservation(gym.make(spec_of(NAMED))))
    observation, _ = env.reset(seed=SEED)
    assert observation.shape == (2 + 2 + 3 + 3 + 4 + 2,)  # Choices are one-hot.
    infos = [env.step(actions[0])[4] for actions in ACTIONS[:LIMIT]]
    assert infos[-1]["episode"]["l"] == LIMIT
    env.close()
    envs = vector_wrappers.FlattenObservation(vector_wrappers.RecordEpisodeStatistics(make_vec()))
    assert envs.reset(seed=SEED)[0].shape == (COUNT, 16)
    envs.close()


def test_an_episode_is_played_again_from_its_record():
    env = gym.make(spec_of(NAMED, randomize="all")).unwrapped

    def episode(**options):
        return [env.reset(options=options)] + [env.step(actions[0]) for actions in ACTIONS[:3]]

    env.reset(seed=SEED)
    first = episode()
    record = first[0][1]["randomization"]
    episode()
    assert_same(episode(replay=record), first)
    env.close()
