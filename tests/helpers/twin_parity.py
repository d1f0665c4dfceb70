"""Plays the same episodes in Blender and in a twin."""

from __future__ import annotations

from typing import NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from blendgym.twins.making import make_twin

SECOND = {"BlendCartpole-v0": 50, "BlendCartpoleSwingup-v1": 50, "BlendPendulum-v0": 20, "BlendAcrobot-v0": 10}
"""Steps of a simulated second."""


TOLERANCES = {
    "BlendCartpole-v0": (0.002, 0.012, 0.003, 0.04),  # m, m/s, rad, rad/s
    "BlendCartpoleSwingup-v1": (0.004, 0.2, 0.005, 0.007, 0.9),  # m, m/s, 1, 1, rad/s
    "BlendPendulum-v0": (0.002, 0.002, 0.015),  # 1, 1, rad/s
    "BlendAcrobot-v0": (0.001, 0.001, 0.001, 0.001, 0.005, 0.01),  # 1, 1, 1, 1, rad/s, rad/s
}
"""Within which every element of the observation stays for a simulated second, in 95% of episodes at least.

The others are those in which a little decides: whether a motor is too fast, or an episode ends a step earlier.
Positions are ten times as close as velocities, which Blender measures from positions in single precision.
"""

REWARD_TOLERANCE = 0.02


class Parity(NamedTuple):
    """How far episodes in Blender and in a twin are apart, as long as they last in both.

    Args:
        observations: Largest difference of each element in an episode: (episodes, elements).
        rewards: Largest difference of rewards in an episode: (episodes,).
        lengths: Steps until episodes terminated in Blender and in the twin, or until the end: (2, episodes).
        starts: Initial velocities in Blender, as shares of ``start.spread``: (episodes, coordinates).
    """

    observations: NDArray[np.float64]
    rewards: NDArray[np.float64]
    lengths: NDArray[np.int64]
    starts: NDArray[np.float64]

    def agree(self, env_id: str) -> NDArray[np.bool_]:
        """Which episodes agree, from the first step to the last: (episodes,)."""
        same_length = self.lengths[0] == self.lengths[1]
        close = (self.observations <= np.array(TOLERANCES[env_id])).all(axis=1)
        return close & same_length & (self.rewards <= REWARD_TOLERANCE)


def compare(env_id: str, episodes: int, seed: int) -> Parity:
    """Plays one second of episodes with random parameters, latencies included, seeds and actions, without noise."""
    steps, rows, generator = SECOND[env_id], np.arange(episodes), np.random.default_rng(seed)
    parameters = make_twin(env_id, 1).parameters
    names = [name for name, each in parameters.items() if each.group != "visual" and name != "observation.noise"]
    twin = make_twin(env_id, episodes, names)
    unit = generator.random((episodes, len(names)))
    actions = generator.uniform(-1.0, 1.0, (steps, episodes, 1)).astype(np.float32)
    values = twin.parameters.from_unit(unit)

    envs = gym.make_vec(env_id, num_envs=episodes)
    starts, _ = envs.reset(seed=seed, options={"params": [twin.parameters.named(row) for row in values]})
    played = [envs.step(action)[:3] for action in actions]
    envs.close()

    twin.reset(rows, unit, generator)
    twin.place(rows, *coordinates(starts))
    steps_of_twin = [twin.step(action) for action in actions]

    observed, rewards, terminated = (np.array(column) for column in zip(*played, strict=True))
    twins = [np.array([getattr(step, name) for step in steps_of_twin]) for name in TWIN_FIELDS]
    lengths = np.array([_lengths(terminated), _lengths(twins[2])])
    number = np.arange(1, steps + 1)[:, None]
    lasts = number <= lengths.min(axis=0)
    # Before, Blender shows its own initial state, and the twin that from which it was moved to that.
    has_arrived = number > values[:, names.index("observation.latency")]
    spread = values[:, names.index("start.spread")]
    return Parity(
        (np.abs(observed - twins[0]) * (lasts & has_arrived)[..., None]).max(axis=0),
        (np.abs(rewards - twins[1]) * lasts).max(axis=0),
        lengths,
        (coordinates(starts)[1] / spread).T,
    )


TWIN_FIELDS = ("observations", "rewards", "terminated")


def coordinates(observations: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions and velocities from what is observed of them: (coordinates, episodes)."""
    columns = observations.T.astype(np.float64)
    match len(columns):
        case 3:
            cosine, sine, velocity = columns
            return np.arctan2(sine, cosine)[None], velocity[None]
        case 5:
            position, velocity, cosine, sine, rate = columns
            return np.array([position, np.arctan2(sine, cosine)]), np.array([velocity, rate])
        case 6:
            return np.arctan2(columns[1:4:2], columns[:4:2]), columns[4:]
    return columns[::2], columns[1::2]


def _lengths(terminated: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.where(terminated.any(axis=0), terminated.argmax(axis=0) + 1, len(terminated))
