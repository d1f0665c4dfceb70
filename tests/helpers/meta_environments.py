"""Meta-environments for tests, and what can be seen of them."""

from __future__ import annotations

import gymnasium as gym
import numpy as np

import blendgym.envs  # noqa: F401  # registers the ids
from blendgym.parameters.episodes import Episodes

NAMES = ("cart.mass", "pole.mass", "pole.length")
GROW = np.tile(np.float32([-0.5, 0.5]), len(NAMES))


def make(**arguments):
    options = {"student": "field", "randomize": NAMES, "steps_per_action": 6_400, "actions_per_episode": 8}
    return gym.make("BlendAdaptiveDR-v0", **(options | arguments))


def records(env, seed, actions=None, options=None):
    """Everything that a whole episode shows."""
    seen = [env.reset(seed=seed, options=options)]
    env.action_space.seed(seed)
    while len(seen) == 1 or not (seen[-1][2] or seen[-1][3]):
        seen.append(env.step(env.action_space.sample() if actions is None else actions))
    return seen


def episodes_at(unit, tags, successes, versions=0):
    count = len(unit)
    scores = successes.astype(np.float64)
    return Episodes(unit, tags, np.full(count, versions), scores, scores, successes, np.full(count, 10))
