"""What lies between many tasks and their agents: ``blendgym.server.channel.Channel`` for twins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.spaces import Box
from blendgym.twins.counted_draws import standard_normal

Rows = NDArray[np.int64]
Number = NDArray[np.float64] | float


class Delay:
    """Hands on rows of numbers, each after some steps of its own.

    Args:
        longest: The most steps that a row may take.
        shape: The shape of the numbers in one step: (rows, …).
        dtype: The dtype of the numbers.
    """

    def __init__(self, longest: int, shape: tuple[int, ...], dtype: Any) -> None:
        self._under_way = np.zeros((longest + 1, *shape), dtype)
        self._steps = np.zeros(shape[0], np.int64)
        self._everyone = np.arange(shape[0])
        self._clock = 0
        self._delays = False

    def begin(self, rows: Rows, steps: Number, first: NDArray[Any] | float) -> None:
        """Lets rows arrive after some steps from now on, and until then what they begin with."""
        self._steps[rows] = steps
        self._delays = bool(self._steps.any())
        self._under_way[:, rows] = first

    def send(self, sent: NDArray[Any]) -> NDArray[Any]:
        """Takes what is sent now; gives what arrives now."""
        if not self._delays:
            return sent
        self._clock = (self._clock + 1) % len(self._under_way)
        self._under_way[self._clock] = sent
        arrived: NDArray[Any] = self._under_way[self._clock - self._steps, self._everyone]
        return arrived


class Sensors:
    """Latency and noise of the observations of many environments.

    Args:
        space: The space of one observation; noise does not lead out of it.
        scale: Typical size of each element of an observation, which noise is a share of.
        num_envs: How many environments.
        longest: The most steps that an observation may take.
    """

    def __init__(self, space: Box, scale: NDArray[np.float64], num_envs: int, longest: int) -> None:
        self._space, self._scale = space, scale
        self._delay = Delay(longest, (num_envs, *space.shape), space.dtype)
        self._noise = np.zeros(num_envs)
        self._is_noisy = False

    def begin(self, rows: Rows, observations: NDArray[Any], latency: Number, noise: Number) -> None:
        """Begins episodes.

        Args:
            rows: The numbers of the environments.
            observations: The first ones.
            latency: Steps that observations take: (rows,), or one number for all.
            noise: Standard deviations, as shares of ``scale``; likewise.
        """
        self._delay.begin(rows, latency, observations)
        self._noise[rows] = noise
        self._is_noisy = bool(self._noise.any())

    def blurred(
        self, rows: Rows | slice, arrived: NDArray[Any], seeds: NDArray[np.uint64], first: NDArray[np.uint64] | int
    ) -> NDArray[Any]:
        """Observations with noise.

        Args:
            rows: The numbers of the environments.
            arrived: The observations that have arrived there.
            seeds: The seeds of their episodes: uint64 (rows,).
            first: The first place of the noise among the random numbers of the episodes.
        """
        if not self._is_noisy:
            return arrived
        noise = standard_normal(seeds, first, len(self._scale)).T
        noise *= self._scale
        noise *= self._noise[rows, None]
        noise += arrived
        return np.clip(noise, self._space.lowest, self._space.highest, out=noise).astype(arrived.dtype)

    def send(self, observations: NDArray[Any], seeds: NDArray[np.uint64], first: NDArray[np.uint64]) -> NDArray[Any]:
        """Takes the observations of a step; gives those that arrive at the agents now."""
        return self.blurred(slice(None), self._delay.send(observations), seeds, first)
