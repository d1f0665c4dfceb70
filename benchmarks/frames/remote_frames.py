"""An environment with images, stepped in a process of its own.

``remote_frames.py ENV_ID ARGUMENTS``, arguments of ``gym.make`` as JSON, is a ``Child`` of ``contest.py``.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import gymnasium as gym

import blendgym  # noqa: F401 (registers the ids)
from blendgym.benchmarks.contest import answer_questions


def main() -> None:
    """Serves."""
    env = gym.make(sys.argv[1], **json.loads(sys.argv[2]))
    env.reset(seed=0)
    answer_questions(lambda steps: seconds(env, steps))
    env.close()


def seconds(env: gym.Env[Any, Any], steps: int) -> float:
    """The seconds that some steps take; where images are no observations, they are rendered after each step."""
    action = 0 * env.action_space.sample()
    env.reset()
    taken = 0.0
    for _ in range(steps):
        start = time.perf_counter()
        _, _, terminated, truncated, _ = env.step(action)
        if env.render_mode:
            env.render()
        taken += time.perf_counter() - start
        if terminated or truncated:
            env.reset()
    return taken


if __name__ == "__main__":
    main()
