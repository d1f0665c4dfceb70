"""What lies between a task and its agent: the way of the actions there, and of the observations back."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.spaces import Arrays, Box, Leaf

FULL_SCALE = 255.0  # of an 8-bit image


class Channel:
    """Latency and noise of one simulation. Without any it hands on what it is given, untouched.

    Args:
        spaces: Of the arrays of an observation, by name. Those in a ``Box`` have noise, which does not lead out of it.
        scales: Typical size of each of their elements, which noise is a share of, by name.

    Attributes:
        action_latency: Steps that an action takes; until the first arrives, every motor is at rest.
        observation_latency: Steps that an observation takes; until the second arrives, the first is seen.
        observation_noise: Standard deviation of white noise, as a share of ``scales``; on images of 8 bits, as a share
            of white.
    """

    def __init__(self, spaces: Mapping[str, Leaf], scales: Mapping[str, NDArray[np.float64]]) -> None:
        self.action_latency = self.observation_latency = 0
        self.observation_noise = 0.0
        self._noisy = [(name, space, scales[name]) for name, space in spaces.items() if isinstance(space, Box)]
        self.begin(0)

    @property
    def is_clear(self) -> bool:
        """Whether everything passes untouched, and at once."""
        return not (self.action_latency or self.observation_latency or self.observation_noise)

    def begin(self, seed: int) -> None:
        """Forgets all that is under way; the noise of the episode comes from its seed."""
        self._actions: deque[Any] = deque()
        self._observations: deque[Arrays] = deque()
        self._images: deque[Arrays] = deque()
        self._seed, self._number = seed, 0
        self._generator: np.random.Generator | None = None

    def send_action(self, action: Any) -> Any | None:
        """Takes an action of the agent; gives the one that arrives at the task now, if any does."""
        if self.action_latency == 0:
            return action
        self._actions.append(action)
        return self._actions.popleft() if len(self._actions) > self.action_latency else None

    def send_state(self, state: Arrays) -> Arrays:
        """Takes an observation of the task, by name; gives the one that arrives at the agent now."""
        self._number += 1
        arrived: Arrays = _delayed(self._observations, state, self.observation_latency)
        if self.observation_noise == 0.0:
            return arrived
        return {**arrived, **{name: self._blurred(arrived[name], space, scale) for name, space, scale in self._noisy}}

    def send_images(self, images: Arrays, noisy: Sequence[str]) -> Arrays:
        """Takes the images of an observation; gives those that arrive at the agent now.

        Args:
            images: By name.
            noisy: Those that a sensor sees: colours of 8 bits.
        """
        arrived: Arrays = _delayed(self._images, images, self.observation_latency)
        if self.observation_noise == 0.0:
            return arrived
        # Of each observation by itself, for images may be left out that nobody looks at.
        noise = self._noise(1, self._number)
        return {**arrived, **{name: self._speckled(arrived[name], noise) for name in noisy}}

    def _speckled(self, colours: NDArray[Any], noise: np.random.Generator) -> NDArray[np.uint8]:
        added = noise.standard_normal(colours.shape) * FULL_SCALE * self.observation_noise
        return np.clip(np.rint(colours + added), 0.0, FULL_SCALE).astype(np.uint8)

    def _blurred(self, array: NDArray[Any], space: Box, scale: NDArray[np.float64]) -> NDArray[Any]:
        if self._generator is None:  # Most episodes need none.
            self._generator = self._noise(0)
        noise = self._generator.standard_normal(array.shape) * scale * self.observation_noise
        return np.clip(array + noise, space.lowest, space.highest).astype(array.dtype)

    def _noise(self, *key: int) -> np.random.Generator:
        """A generator of its own, so that the initial state does not depend on how much noise is drawn."""
        return np.random.default_rng(np.random.SeedSequence([self._seed, 1], spawn_key=key))


def _delayed(under_way: deque[Any], sent: Any, latency: int) -> Any:
    if latency == 0:
        return sent
    under_way.append(sent)
    return under_way.popleft() if len(under_way) > latency else under_way[0]
