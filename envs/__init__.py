"""The environments of the suite, one task a file, and their ids; shared_parameters.py has what tasks share."""

from __future__ import annotations

import copy
import importlib
from typing import TYPE_CHECKING, Any

from blendgym.errors import InvalidOption

if TYPE_CHECKING:
    from gymnasium.envs.registration import EnvSpec

ENTRY_POINT = "blendgym.client.env:BlendEnv"
VECTOR_ENTRY_POINT = "blendgym.vector.vector_env:BlendVectorEnv"
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


def environment_spec(name: str) -> EnvSpec:
    """What environments of a task are made of.

    Args:
        name: The id of an environment, perhaps with ``module:`` before it, as ``gym.make`` takes it; or
            ``module:Class`` of a task.

    Raises:
        InvalidOption: If it is neither.
    """
    import gymnasium as gym
    from gymnasium.envs.registration import EnvSpec

    module, _, last = name.rpartition(":")
    if module and "-v" not in last:
        return EnvSpec(
            f"{last}-v0",
            entry_point=ENTRY_POINT,
            vector_entry_point=VECTOR_ENTRY_POINT,
            kwargs={"task": name},
            disable_env_checker=True,
        )
    try:
        if module:
            importlib.import_module(module)
        spec = gym.spec(last)
    except (ImportError, gym.error.Error) as error:
        raise InvalidOption(f"There is no environment {name!r}: {str(error).rstrip('.')}. {_WHAT_THERE_IS}") from None
    if "task" not in spec.kwargs or spec.entry_point == TWIN_ENTRY_POINT:
        raise InvalidOption(f"{name!r} is no environment in Blender. {_WHAT_THERE_IS}")
    return copy.deepcopy(spec)


_WHAT_THERE_IS = (
    f"There are {', '.join(ENVIRONMENTS)}; your own are named as module:Id, whose module registers the id, or by their "
    "task as module:Class."
)


def twin_id(env_id: str) -> str:
    """The id of the NumPy twin of an environment: that of ``BlendCartpole-v0`` is ``BlendCartpoleTwin-v0``."""
    name, _, version = env_id.rpartition("-")
    return f"{name}Twin-{version}"
