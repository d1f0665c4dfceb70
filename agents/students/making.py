"""Students by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blendgym.agents.recipes import recipes_of
from blendgym.agents.students.student import Student
from blendgym.checks import check_seed
from blendgym.errors import InvalidOption
from blendgym.parameters import ParameterSpace
from blendgym.registry import room_of


def make_student(name: str, env_id: str, parameters: ParameterSpace, seed: int, /, **options: Any) -> Student:
    """Makes a student of an environment.

    Args:
        name: ``"field"``, a competence field, which has equations instead of an environment; ``"ars"``, augmented
            random search, and ``"ppo"``, proximal policy optimization, in the environment's twin if it has one, or
            else in Blender; ``"sb3"``, an algorithm of stable-baselines3 in Blender, by the environment's
            recipe for what it observes if it has one.
        env_id: Id of the environment in Blender, as ``gym.make`` takes it.
        parameters: The parameters that are randomized.
        seed: The seed of everything that is random about the student.
        options: Further arguments of the student's class.

    Raises:
        InvalidOption: If there is no student of that name, it does not take an option, or the seed is none.
    """
    require_student(name)
    check_seed(seed)
    try:
        return STUDENTS[name](env_id, parameters, seed, **options)
    except TypeError as error:
        raise InvalidOption(f"Student {name!r} does not take the options {options}: {error}.") from error


def require_student(name: str) -> None:
    """Makes sure that there is a student of that name.

    Raises:
        InvalidOption: If there is none.
    """
    if not (isinstance(name, str) and name in STUDENTS):
        raise InvalidOption(f"There is no student {name!r:.80}; there are {', '.join(map(repr, STUDENTS))}.")


def _competence_field(env_id: str, parameters: ParameterSpace, seed: int, **options: Any) -> Student:  # noqa: ARG001
    from blendgym.agents.students.competence_field import CompetenceField

    return CompetenceField(parameters, seed, **options)


def _random_search(env_id: str, parameters: ParameterSpace, seed: int, **options: Any) -> Student:
    from blendgym.agents.students.random_search import RandomSearch

    return RandomSearch(env_id, parameters, seed, **_settings_of("ars", env_id) | options)


def _ppo(env_id: str, parameters: ParameterSpace, seed: int, **options: Any) -> Student:
    from blendgym.agents.students.ppo import PPO

    return PPO(env_id, parameters, seed, **_settings_of("ppo", env_id) | options)


def _stable_baselines3(env_id: str, parameters: ParameterSpace, seed: int, **options: Any) -> Student:
    from blendgym.agents.students.stable_baselines3 import StableBaselines

    settings = _settings_by_recipe(env_id, options.get("obs_type", "state"))
    if options.get("algorithm", settings.get("algorithm")) == settings.get("algorithm"):
        options = settings | options
    return StableBaselines(env_id, parameters, seed, **options)


def _settings_by_recipe(env_id: str, obs_type: str) -> dict[str, Any]:
    room = room_of(env_id)
    recipe = recipes_of(room).get(obs_type) if room else None
    if recipe is None or recipe.algorithm == "DAgger":  # which imitates, and does not learn from what it is worth
        return {}
    return recipe.env_arguments | {
        "algorithm": recipe.algorithm.lower(),
        "learning_rate": recipe.learning_rate,
        "hyperparameters": recipe.hyperparameters,
        "num_envs": recipe.num_envs,
        "policy": recipe.policy,
        "frames": recipe.frames,
    }


def _settings_of(name: str, env_id: str) -> dict[str, Any]:
    """What the room of an environment would have a student do differently: ``STUDENTS`` of its ``recipe.py``."""
    room = room_of(env_id)
    return dict(getattr(room.part("recipe"), "STUDENTS", {}).get(name, {})) if room else {}


WITH_TWINS = ("ars", "ppo")
"""Students that play in the NumPy twin of an environment where there is one, unless they are told ``twin=False``."""

# Each imports its class when asked for: not every student needs torch.
STUDENTS: dict[str, Callable[..., Student]] = {
    "field": _competence_field, "ars": _random_search, "ppo": _ppo, "sb3": _stable_baselines3,
}  # fmt: skip
