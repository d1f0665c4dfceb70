"""How to train an environment: what the ``recipe.py`` of its room declares."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

from blendgym.errors import InvalidOption
from blendgym.parameters.selection import Selection
from blendgym.registry import Room, environment_spec, room_of, rooms


@dataclass(frozen=True)
class Recipe:
    """One way to solve an environment with an algorithm of stable-baselines3's kind.

    Args:
        total_timesteps: Steps to train for, over all environments together.
        num_envs: Environments.
        num_servers: Blender processes that they share.
        learning_rate: The learning rate. That of PPO and DAgger is that of the beginning, and falls linearly to 0;
            SAC's stays.
        algorithm: ``"PPO"``, ``"SAC"``, or ``"DAgger"``, which imitates an expert (``blendgym.agents.imitation``).
        clip_range: PPO's clip range at the beginning; it falls linearly to 0. The others have none.
        policy: A policy class, or the name by which stable-baselines3 knows it.
        env_arguments: What the environment is made with.
        randomize: Which parameters are drawn anew for each episode of training, as ``randomize=`` of an environment has
            it, such as how hard an episode begins. Evaluations have the nominal ones.
        expert_sees: What the expert of DAgger sees and the policy does not, such as ``"state"``; ``None`` if both see
            the same.
        frames: How many images are seen at once, the latest last; 0 leaves observations as they are.
        num_threads: Threads of torch. Small networks are better off with one, and leave the other cores to Blender.
        hyperparameters: Further arguments of the algorithm's class.
    """

    total_timesteps: int
    num_envs: int
    num_servers: int
    learning_rate: float
    algorithm: Literal["PPO", "SAC", "DAgger"] = "PPO"
    clip_range: float = 0.2
    policy: str | type = "MlpPolicy"
    env_arguments: dict[str, Any] = field(default_factory=dict)
    randomize: Selection = None
    expert_sees: str | None = None
    frames: int = 0
    num_threads: int = 1
    hyperparameters: dict[str, Any] = field(default_factory=dict)


def recipes_of(room: Room) -> dict[str, Recipe]:
    """The recipes of a room, by what is observed; none if it has no ``recipe.py``."""
    part = room.part("recipe")
    return dict(part.RECIPES) if part else {}


def recipe_for(env_id: str, obs_type: str | None = None) -> Recipe:
    """The recipe of an environment, whose arguments say what is observed: a room may show something else by itself.

    Args:
        env_id: Id of the environment, as ``gym.make`` takes it.
        obs_type: What the agent observes, as ``obs_type=`` of an environment has it; ``None`` for what environments of
            that id observe unless they are told otherwise.

    Raises:
        InvalidOption: If there is no such environment, or it has no such recipe.
    """
    room = room_of(env_id)
    obs_type = obs_type or environment_spec(env_id).kwargs.get("obs_type", "state")
    recipes = recipes_of(room) if room else {}
    if obs_type not in recipes:
        known = ", ".join(f"{room.id} from {seen}" for room in rooms().values() for seen in recipes_of(room))
        raise InvalidOption(
            f"There is no recipe for {env_id!r} from {obs_type}; there are recipes for {known}. To train another, see "
            "blendgym.agents.make_vec_env."
        )
    recipe = recipes[obs_type]
    return dataclasses.replace(recipe, env_arguments={**recipe.env_arguments, "obs_type": obs_type})
