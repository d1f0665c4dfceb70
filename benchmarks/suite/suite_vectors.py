"""Many environments, stepped together in a process of its own, with resets that do not count.

``suite_vectors.py ENV_ID NUM_ENVS NUM_SERVERS`` is a ``Child`` of ``contest.py``; state only, with actions of 0.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode

from blendgym.benchmarks.contest import answer_questions
from blendgym.registry import environment_spec


def main() -> None:
    """Serves."""
    env_id, count, servers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    spec = environment_spec(env_id)
    spec.kwargs["obs_type"] = "state"
    envs = gym.make_vec(
        spec,
        count,
        vectorization_mode="vector_entry_point",
        num_servers=servers,
        autoreset_mode=AutoresetMode.DISABLED,
    )
    envs.reset(seed=0)
    answer_questions(lambda steps: _seconds(envs, steps))
    envs.close()


def _seconds(envs: gym.vector.VectorEnv[Any, Any, Any], steps: int) -> float:
    """The seconds that some steps of single environments take."""
    actions = np.zeros(envs.action_space.shape or (), envs.action_space.dtype)
    envs.reset()
    taken = 0.0
    for _ in range(steps // envs.num_envs):
        start = time.perf_counter()
        _, _, terminations, truncations, _ = envs.step(actions)
        taken += time.perf_counter() - start
        over = terminations | truncations
        if over.any():
            envs.reset(options={"reset_mask": over})
    return taken


if __name__ == "__main__":
    main()
