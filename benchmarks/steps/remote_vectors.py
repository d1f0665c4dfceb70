"""Many environments, stepped together in a process of its own.

``remote_vectors.py KIND ENV_ID NUM_ENVS NUM_SERVERS ARGUMENTS``, arguments of ``gym.make`` as JSON, is a ``Child`` of
``contest.py``. Kinds: ``vector`` (ours), ``async`` (Gymnasium's AsyncVectorEnv), ``subproc`` (stable-baselines3's).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode

import blendgym  # noqa: F401 (registers the ids)
from blendgym.benchmarks.contest import answer_questions

Ended = bool
Step = Callable[[Any], Ended]


def main() -> None:
    """Serves."""
    kind, env_id, count, servers, arguments = sys.argv[1:6]
    step, close = _make(kind, env_id, int(count), int(servers), json.loads(arguments))
    space = gym.make(env_id).action_space
    actions = np.zeros((int(count), *(space.shape or ())), space.dtype)
    answer_questions(lambda steps: _seconds(step, actions, steps))
    close()


def _make(
    kind: str, env_id: str, count: int, servers: int, arguments: dict[str, Any]
) -> tuple[Step, Callable[[], Any]]:
    if kind == "subproc":
        from stable_baselines3.common.vec_env import SubprocVecEnv

        venv = SubprocVecEnv([lambda: gym.make(env_id, **arguments)] * count)
        venv.seed(0)
        venv.reset()
        return lambda actions: bool(venv.step(actions)[2].any()), venv.close
    envs = _vector(kind, env_id, count, servers, arguments)
    envs.reset(seed=0)

    def step(actions: Any) -> Ended:
        _, _, terminations, truncations, _ = envs.step(actions)
        return bool(terminations.any() or truncations.any())

    return step, envs.close


def _vector(
    kind: str, env_id: str, count: int, servers: int, arguments: dict[str, Any]
) -> gym.vector.VectorEnv[Any, Any, Any]:
    if kind == "async":
        mode = {"autoreset_mode": AutoresetMode.SAME_STEP}
        return gym.make_vec(env_id, count, vectorization_mode="async", vector_kwargs=mode, **arguments)
    return gym.make_vec(env_id, count, num_servers=servers, autoreset_mode=AutoresetMode.SAME_STEP, **arguments)


def _seconds(step: Step, actions: Any, steps: int) -> float:
    """The seconds that some steps of single environments take, those left out in which an episode ends and begins."""
    taken, done = 0.0, 0
    while done < steps:
        start = time.perf_counter()
        ended = step(actions)
        if not ended:
            taken += time.perf_counter() - start
            done += len(actions)
    return taken * steps / done


if __name__ == "__main__":
    main()
