"""Gymnasium environments that Blender simulates and renders.

import blendgym
import gymnasium as gym

env = gym.make("BlendCartpole-v0")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blendgym.registry import register_suite
from blendgym.version import __version__

if TYPE_CHECKING:
    from blendgym.client.description import Description

__all__ = ["__version__", "close_all", "describe"]

register_suite()


def close_all() -> int:
    """Closes the environments of this process, such as those of a notebook whose names are taken by others.

    Returns:
        How many servers had to be ended.
    """
    from blendgym.client import host  # Where Blender's own Python reads this package, there is no Gymnasium.

    return host.close_all()


def describe(env_id: str, **arguments: Any) -> Description:
    """Says what an environment is like: its spaces, metadata and parameters. No Blender is needed, nor launched.

    Args:
        env_id: Id of an environment, your own as ``module:Id``; or a task, as ``module:Class``.
        arguments: As for ``gymnasium.make``, such as ``obs_type="rgb"``.

    Raises:
        InvalidOption: If there is no such environment, or an argument has a wrong value.
    """
    from blendgym.client import description  # Where Blender's own Python reads this package, there is no Gymnasium.

    return description.describe(env_id, **arguments)
