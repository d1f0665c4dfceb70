"""Several images as one observation."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.wrappers import FrameStackObservation, TransformObservation
from numpy.typing import NDArray


def stack_frames(env: gym.Env[Any, Any], frames: int) -> gym.Env[Any, Any]:
    """Shows the last images (height, width, 3) together, as channels (3 · frames, height, width), the latest last.

    Args:
        env: Observes images.
        frames: How many; 0 leaves any environment as it is.
    """
    if not frames:
        return env
    # Before the first image there is black, as in stable-baselines3's VecFrameStack.
    stacked = FrameStackObservation(env, frames, padding_type="zero")
    _, height, width, channels = stacked.observation_space.shape or ()
    space = gym.spaces.Box(0, 255, (frames * channels, height, width), np.uint8)
    return TransformObservation(stacked, _channels_first, space)


def _channels_first(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return images.transpose(0, 3, 1, 2).reshape(-1, *images.shape[1:3])


class LastFrames:
    """The last observations of several environments together, along their last axis, as ``VecFrameStack`` has them.

    Args:
        frames: How many, the latest last; 0 leaves observations as they are.

    Attributes:
        observations: What is seen: (environments, …).
    """

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self.observations: NDArray[Any] = np.empty(0)

    def begin(self, over: NDArray[np.bool_], observations: NDArray[Any]) -> None:
        """Forgets what was seen in some environments, the first time in all, but the first observation.

        Args:
            over: Which: (environments,).
            observations: Of all environments: (environments, …).
        """
        if not self._frames:
            self.observations = observations
            return
        if over.all():
            self.observations = np.zeros_like(np.concatenate([observations] * self._frames, axis=-1))
        self.observations[over] = 0
        self.observations[over, ..., -observations.shape[-1] :] = observations[over]

    def push(self, observations: NDArray[Any]) -> None:
        """Adds the next observation of every environment: (environments, …)."""
        if not self._frames:
            self.observations = observations
            return
        self.observations = np.roll(self.observations, -observations.shape[-1], axis=-1)
        self.observations[..., -observations.shape[-1] :] = observations
