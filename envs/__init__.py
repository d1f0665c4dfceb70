"""The environments of the suite, one task a file, and their ids."""

from __future__ import annotations

from typing import Any

ENTRY_POINT = "blendgym.client.env:BlendEnv"
VECTOR_ENTRY_POINT = "blendgym.client.vector_env:BlendVectorEnv"

META_ID = "BlendAdaptiveDR-v0"
META_ENTRY_POINT = "blendgym.meta.environment:AdaptiveDR"

ENVIRONMENTS: dict[str, dict[str, Any]] = {
    "BlendCartpole-v0": {
        "task": "blendgym.envs.cartpole:Cartpole",
        "twin": "blendgym.twins.cartpole:CartpoleTwin",
        "max_episode_steps": 500,
        "reward_threshold": 475.0,
    },
}
"""Task, NumPy twin, time limit and solved threshold of every id."""


def register_environments() -> None:
    """Makes every id known to Gymnasium."""
    from gymnasium.envs.registration import register

    for env_id, entry in ENVIRONMENTS.items():
        register(
            env_id,
            entry_point=ENTRY_POINT,
            vector_entry_point=VECTOR_ENTRY_POINT,
            kwargs={"task": entry["task"]},
            max_episode_steps=entry["max_episode_steps"],
            reward_threshold=entry["reward_threshold"],
            # Actions are checked by the environment itself, in every step and on both sides of the wire.
            disable_env_checker=True,
        )
    register(META_ID, entry_point=META_ENTRY_POINT, disable_env_checker=True)
