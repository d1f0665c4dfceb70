"""Where the cart-pole and the modules that tests share are found."""

from __future__ import annotations

from pathlib import Path

CARTPOLE = "blendgym.envs.cartpole.task:Cartpole"

HELPERS = Path(__file__).parent
"""Folder of the modules that tests share; tasks in it are named as ``tasks:Class``."""
