"""Training: stable-baselines3 on Blender servers by recipes, and students of randomization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blendgym.agents.slots import SlotVecEnv
    from blendgym.agents.vec_env import StableBaselinesVecEnv, make_vec_env

__all__ = ["SlotVecEnv", "StableBaselinesVecEnv", "make_vec_env"]


def __getattr__(name: str) -> Any:
    """Imports stable-baselines3, and torch with it, only for those who ask for it (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from blendgym.agents import slots, vec_env

    return getattr(slots if name == "SlotVecEnv" else vec_env, name)
