"""``blendgym play``."""

from __future__ import annotations

import os
from typing import cast

import gymnasium as gym
from rich.console import Console

from blendgym.arguments import EnvironmentId, Seed
from blendgym.client.env import BlendEnv
from blendgym.client.playing import action_without_keys
from blendgym.client.process.blender import require_display
from blendgym.keywords import parse_keywords
from blendgym.registry import environment_spec


def play(env_id: EnvironmentId = "BlendCartpole-v0", /, seed: Seed = 0, options: tuple[str, ...] = ()) -> None:
    """Lets you play an environment with the keyboard, in a window. Escape ends it.

    Args:
        env_id: Id of an environment whose task has keys, or of your own as module:Id.
        seed: Of every episode.
        options: Arguments of the environment and the task, as name=value.
    """
    from gymnasium.utils.play import play as play_in_window

    arguments = parse_keywords(options)
    if not os.environ.get("SDL_VIDEODRIVER"):  # With which people play elsewhere than on a display.
        require_display("blendgym play")
    env = gym.make(environment_spec(env_id), render_mode="rgb_array", **arguments)
    try:
        inner = cast(BlendEnv, env.unwrapped)
        keys = ", ".join("".join(pressed) for pressed in inner.get_keys_to_action() if len(pressed) == 1)
        Console().print(f"Keys: {keys}. Escape ends it.", highlight=False)
        play_in_window(env, seed=seed, noop=action_without_keys(inner.task))
    finally:
        env.close()
