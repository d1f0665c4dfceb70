"""Many cart-poles, the single ones that they are to equal, and what comes of the same actions."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode

ENV_ID = "BlendCartpole-v0"
COUNT, STEPS, LIMIT = 4, 30, 11
ARGUMENTS = {"action_type": "discrete", "max_episode_steps": LIMIT}
SEED = 3

ACTIONS = np.random.default_rng(0).integers(0, 2, (STEPS, COUNT))
ACTIONS[:, 0] = 1  # Falls before the time limit; the others are truncated.


def single(**arguments):
    return gym.make(ENV_ID, **{**ARGUMENTS, **arguments})


def make_vec(num_envs=COUNT, **arguments):
    return gym.make_vec(
        ENV_ID, num_envs=num_envs, vectorization_mode="vector_entry_point", **{**ARGUMENTS, **arguments}
    )


def in_mode(envs, mode):
    """The same single environments under another autoreset mode of Gymnasium's vector environment."""
    envs.autoreset_mode = envs.metadata["autoreset_mode"] = mode
    return envs


def rollout(envs, steps=STEPS):
    """Everything that comes of the actions."""
    results = [envs.reset(seed=SEED)]
    for actions in ACTIONS[:steps, : envs.num_envs]:
        results.append(envs.step(actions))
        if envs.metadata["autoreset_mode"] is AutoresetMode.DISABLED:
            over = results[-1][2] | results[-1][3]
            if over.any():
                results.append(envs.reset(options={"reset_mask": over}))
    return results


def rollout_of(envs, **arguments):
    """The same, of environments that are closed then."""
    try:
        return rollout(envs, **arguments)
    finally:
        envs.close()


def assert_same(one, other):
    """Compares nested results, exactly."""
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for name in one:
            assert_same(one[name], other[name])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    elif isinstance(one, np.ndarray) and one.dtype == object:
        assert_same(list(one), list(other))
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    else:
        assert one == other
