"""Episodes as they are recorded and compared, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv

from blendgym.errors import CheckFailed


class Row(NamedTuple):
    """What came of one reset or step.

    Args:
        observation: An array, or a dict of arrays.
        reward: Of the step; 0 for a reset.
        terminated: Whether the step has ended the episode.
        success: Whether the episode would count as a success if it ended now.
    """

    observation: Any
    reward: float = 0.0
    terminated: bool = False
    success: bool = False


def actions_for(space: gym.Space[Any], count: int) -> list[Any]:
    """Actions that are always the same, all over the space."""
    space.seed(0)
    return [space.sample() for _ in range(count)]


def rollout(
    env: gym.Env[Any, Any], seed: int, actions: Sequence[Any], parameters: Mapping[str, float] | None = None
) -> list[Row]:
    """One episode, until it is over or there are no more actions."""
    rows = [Row(env.reset(seed=seed, options={"params": dict(parameters or {})})[0])]
    for action in actions:
        observation, reward, terminated, truncated, info = env.step(action)
        rows.append(Row(observation, float(reward), terminated, info["is_success"]))
        if terminated or truncated:
            break
    return rows


def chain(env: gym.Env[Any, Any], seed: int, actions: Sequence[Any], limit: int) -> list[Row]:
    """Episodes one after the other, of at most ``limit`` steps each; only the first is seeded."""
    rows, age = [Row(env.reset(seed=seed)[0])], 0
    for action in actions:
        observation, reward, terminated, _, info = env.step(action)
        rows.append(Row(observation, float(reward), terminated, info["is_success"]))
        age += 1
        if terminated or age == limit:
            rows.append(Row(env.reset()[0]))
            age = 0
    return rows


def chains(envs: VectorEnv[Any, Any, Any], seeds: Sequence[int], actions: Sequence[Any]) -> list[list[Row]]:
    """What ``chain`` gives, of each environment of several, if they reset themselves.

    Each takes the actions in their order, whenever it really steps.
    """
    observations, _ = envs.reset(seed=list(seeds))  # type: ignore[arg-type]  # Gymnasium's own take lists, too.
    rows = [[Row(_row_of(observations, number))] for number in range(envs.num_envs)]
    taken, over = [0] * envs.num_envs, np.zeros(envs.num_envs, np.bool_)
    same_step = envs.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    for _ in actions:
        batch = np.stack([actions[index] for index in taken])
        observations, rewards, terminations, truncations, infos = envs.step(batch)
        for number in range(envs.num_envs):
            now = Row(
                _row_of(observations, number),
                float(rewards[number]),
                bool(terminations[number]),
                bool(infos["is_success"][number]),
            )
            if over[number] and not same_step:
                rows[number].append(Row(now.observation))
                continue
            taken[number] += 1
            if same_step and (terminations[number] or truncations[number]):
                success = bool(infos["final_info"]["is_success"][number])
                last = now._replace(observation=infos["final_obs"][number], success=success)
                rows[number] += [last, Row(now.observation)]
            else:
                rows[number].append(now)
        over = terminations | truncations
    return rows


def require_same(rows: Sequence[Row], expected: Sequence[Row], what: str, what_to_do: str | Callable[[], str]) -> None:
    """Fails unless two episodes are the same, bit for bit.

    Args:
        rows: One of them.
        expected: The other.
        what: Begins the message: which episode it is.
        what_to_do: Ends it; a function that finds it out is only called if they differ.

    Raises:
        CheckFailed: If they differ. The message has the first difference.
    """
    difference = _difference(rows, expected)
    if difference:
        advice = what_to_do() if callable(what_to_do) else what_to_do
        raise CheckFailed(f"{what} should be the same bit for bit, but {difference}. {advice}")


def _difference(rows: Sequence[Row], expected: Sequence[Row]) -> str:
    for step, (row, other) in enumerate(zip(rows, expected, strict=False)):
        if bits(row) != bits(other):
            return f"differs in row {step} (0 is the reset): {_short(row)} instead of {_short(other)}"
    return f"has {len(rows)} rows instead of {len(expected)}" if len(rows) != len(expected) else ""


def bits(value: Any) -> Any:
    """Something that is equal for two values only if they are equal in type, shape and every bit."""
    if isinstance(value, Mapping):
        return {name: bits(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [bits(each) for each in value]
    array = np.asarray(value)
    return array.dtype.str, array.shape, array.tobytes()


def parts(observation: Any) -> dict[str, Any]:
    """The arrays of an observation, by name; one that is an array has no name."""
    return dict(observation) if isinstance(observation, Mapping) else {"": observation}


def _row_of(observations: Any, number: int) -> Any:
    if isinstance(observations, Mapping):
        return {name: array[number].copy() for name, array in observations.items()}
    return observations[number].copy()


def _short(row: Row) -> str:
    arrays = parts(row.observation)
    shown = ", ".join(f"{name} {np.array2string(np.ravel(array), threshold=8)}" for name, array in arrays.items())
    told = f"reward {row.reward!r}, terminated {row.terminated}, success {row.success}"
    return f"observation{shown}, {told}".replace("observation [", "[")
