"""Gymnasium environments that Blender simulates and renders.

import blendgym
import gymnasium as gym

env = gym.make("BlendCartpole-v0")
"""

from __future__ import annotations

import importlib.util

from blendgym.version import __version__

__all__ = ["__version__"]

# Blender's own Python, where the server runs, has no Gymnasium and needs none.
if importlib.util.find_spec("gymnasium"):
    from blendgym.envs import register_environments

    register_environments()
