"""The environments of the suite, one task a file, and their ids; shared_parameters.py has what tasks share."""

from __future__ import annotations

from typing import Any

ENTRY_POINT = "blendgym.client.env:BlendEnv"
VECTOR_ENTRY_POINT = "blendgym.client.vector_env:BlendVectorEnv"
TWIN_ENTRY_POINT = "blendgym.twins.env:TwinEnv"
TWIN_VECTOR_ENTRY_POINT = "blendgym.twins.vector_env:TwinVectorEnv"

META_ID = "BlendAdaptiveDR-v0"
META_ENTRY_POINT = "blendgym.meta.environment:AdaptiveDR"

ENVIRONMENTS: dict[str, dict[str, Any]] = {
    "BlendCartpole-v0": {
        "task": "blendgym.envs.cartpole:Cartpole",
        "twin": "blendgym.twins.cartpole:CartpoleTwin",
        "max_episode_steps": 500,
        "reward_threshold": 475.0,
    },
    "BlendCartpoleSwingup-v0": {
        "task": "blendgym.envs.cartpole_swingup:CartpoleSwingup",
        "twin": "blendgym.twins.cartpole_swingup:CartpoleSwingupTwin",
        "max_episode_steps": 500,
        "reward_threshold": 350.0,
    },
    "BlendPendulum-v0": {
        "task": "blendgym.envs.pendulum:Pendulum",
        "twin": "blendgym.twins.pendulum:PendulumTwin",
        "max_episode_steps": 200,
        "reward_threshold": -500.0,
    },
}
"""Task, NumPy twin, time limit and solved threshold of every id."""


def register_environments() -> None:
    """Makes every id known to Gymnasium."""
    from gymnasium.envs.registration import register

    for env_id, entry in ENVIRONMENTS.items():
        common: dict[str, Any] = {
            "max_episode_steps": entry["max_episode_steps"],
            "reward_threshold": entry["reward_threshold"],
            # Actions are checked by the environment itself, in every step and on both sides of the wire.
            "disable_env_checker": True,
        }
        register(env_id, ENTRY_POINT, vector_entry_point=VECTOR_ENTRY_POINT, kwargs={"task": entry["task"]}, **common)
        if "twin" in entry:
            register(
                twin_id(env_id), TWIN_ENTRY_POINT, vector_entry_point=TWIN_VECTOR_ENTRY_POINT,
                kwargs={"task": entry["task"], "twin": entry["twin"]}, **common,
            )  # fmt: skip
    register(META_ID, entry_point=META_ENTRY_POINT, disable_env_checker=True)


def twin_id(env_id: str) -> str:
    """The id of the NumPy twin of an environment: that of ``BlendCartpole-v0`` is ``BlendCartpoleTwin-v0``."""
    name, _, version = env_id.rpartition("-")
    return f"{name}Twin-{version}"
