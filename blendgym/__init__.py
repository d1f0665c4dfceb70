"""Gymnasium environments that Blender simulates and renders.

import blendgym
import gymnasium as gym

env = gym.make("BlendCartpole-v0")
"""

from __future__ import annotations

from blendgym.registry import register_suite
from blendgym.version import __version__

__all__ = ["__version__"]

register_suite()
