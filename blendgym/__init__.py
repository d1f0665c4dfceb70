"""Gymnasium environments that Blender simulates and renders.

import blendgym
import gymnasium as gym

env = gym.make("BlendCartpole-v0")
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from blendgym.version import __version__

__all__ = ["__version__"]

# In a checkout, envs/, scenes/ and the other parts lie beside this package; setup.cfg maps them into it.
_checkout = Path(__file__).parents[1]
if (_checkout / "setup.cfg").is_file():
    __path__.append(str(_checkout))

# Blender's own Python, where the server runs, has no Gymnasium and needs none.
if importlib.util.find_spec("gymnasium"):
    from blendgym.envs import register_environments

    register_environments()
