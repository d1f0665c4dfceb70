"""What an agent sees: the task's own state, passes of a camera, or several of them together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from blendgym.client.spaces import gymnasium_space
from blendgym.errors import InvalidOption
from blendgym.images.passes import PASSES
from blendgym.images.views import make_view
from blendgym.spaces import Box

STATE = "state"


def parts_of(obs_type: str) -> tuple[str, ...]:
    """The parts of an observation type, such as ``("rgb", "depth")`` of ``"rgb_depth"``.

    Raises:
        InvalidOption: If it is no list of known parts, joined by underscores.
    """
    known = (STATE, *PASSES)
    # Longer names first, so that "rgb_linear" is not taken for "rgb" and something else.
    part = "(" + "|".join(sorted(known, key=len, reverse=True)) + ")(?:_|$)"
    parts = tuple(re.findall(part, obs_type)) if isinstance(obs_type, str) else ()
    if "_".join(parts) != obs_type or len(set(parts)) < len(parts) or not parts:
        raise InvalidOption(
            f"obs_type is {obs_type!r}; expected one of {', '.join(known)}, or several joined by underscores, "
            "such as 'rgb_depth'."
        )
    return parts


class ObservationType:
    """Puts observations together, and knows their space.

    Args:
        obs_type: Such as ``"state"``, ``"rgb"``, ``"rgb_depth"``. One part is an array, several are a dict.
        state_space: Of the task.
        context: Name and size of a further part: the place of the episode's parameters in their unit cube.
        camera: Further arguments of the ``View`` that images show.

    Attributes:
        view: What has to be rendered, if anything.
        space: Gymnasium's space.
        context: Name and size of the further part.

    Raises:
        InvalidOption: If the type is unknown.
        RenderError: If the view makes no sense, even if there are no images.
    """

    def __init__(self, obs_type: str, state_space: Box, context: tuple[str, int] | None = None, **camera: Any) -> None:
        parts = parts_of(obs_type)
        passes = tuple(part for part in parts if part != STATE)
        view = make_view(passes=passes or ("rgb",), **camera)
        self.view = view if passes else None
        spaces = {part: _space(part, state_space, view.width, view.height) for part in parts}
        if context is not None:
            name, size = context
            spaces[name] = gym.spaces.Box(0.0, 1.0, (size,), np.float32)
        self.context = context
        self._parts = tuple(spaces)
        self._is_single = len(spaces) == 1
        self.space = next(iter(spaces.values())) if self._is_single else gym.spaces.Dict(spaces)

    def compose(self, state: NDArray[Any], images: Mapping[str, NDArray[Any]], context: NDArray[Any]) -> Any:
        """The observation that consists of these, or the batch of observations that consists of batches."""
        if self.context is not None:
            images = {**images, self.context[0]: context}
        if self._is_single:
            return next(iter(images.values()), state)
        return {part: images.get(part, state) for part in self._parts}

    def compose_row(
        self, states: NDArray[Any], images: Mapping[str, NDArray[Any]], row: int, context: NDArray[Any]
    ) -> Any:
        """One observation out of batches."""
        return self.compose(states[row], {name: image[row] for name, image in images.items()}, context)


def _space(part: str, state_space: Box, width: int, height: int) -> gym.Space[Any]:
    if part == STATE:
        return gymnasium_space(state_space)
    shown = PASSES[part]
    dtype: Any = np.dtype(shown.dtype).type
    return gym.spaces.Box(shown.low, shown.high, shown.shape(width, height), dtype)
