"""What an agent sees: the task's own state, passes of a camera, or several of them together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from blendgym.client.spaces import gymnasium_space
from blendgym.errors import InvalidOption, RenderError
from blendgym.images.passes import PASSES
from blendgym.images.views import KEYPOINTS, View, check_observed, inherited, make_view
from blendgym.spaces import STATE, Dict, Space, leaves


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


def read_views(
    passes: Sequence[str], common: Mapping[str, Any], named: Mapping[str, Mapping[str, Any]] | None
) -> tuple[View, ...]:
    """The views that are observed.

    Args:
        passes: What of each, unless it says otherwise.
        common: The other arguments of each, unless it says otherwise.
        named: The arguments of several, by name; ``None`` for one without a name, if there are passes.

    Raises:
        RenderError: If a view makes no sense, or shows nothing.
    """
    if named is None:
        view = make_view(**{"passes": passes or ("rgb",), **common})  # What makes no sense is refused even if unused.
        return (view,) if passes else ()
    if not named:
        raise RenderError("views= is empty; leave it out to observe no images.")
    return tuple(
        make_view(**inherited({"passes": passes, **common}, {**own, "name": name})) for name, own in named.items()
    )


class Context(NamedTuple):
    """A part of observations that tells the parameters of the episode: their place in their unit cube.

    Args:
        name: Of the part.
        size: How many parameters.
    """

    name: str
    size: int


class Observations:
    """Puts observations together out of named arrays, and knows their space.

    A single array is observed as it is; several are a dict, and so are those of a task whose space is one.

    Args:
        state_space: What the task observes.
        views: What is rendered for every observation.
        shows_state: Whether observations show what the task observes.
        context: Which of them tells the parameters, if one does.

    Attributes:
        views: What is rendered for every observation.
        space: Gymnasium's space.
        context: Which of them tells the parameters, if one does.

    Raises:
        InvalidOption: If two arrays would have one name.
    """

    def __init__(
        self, state_space: Space, views: Sequence[View] = (), shows_state: bool = True, context: Context | None = None
    ) -> None:
        state = {name: gymnasium_space(space) for name, space in leaves(state_space).items()}
        images = _image_spaces(views)
        told = {context.name: gym.spaces.Box(0.0, 1.0, (context.size,), np.float32)} if context else {}
        if twice := state.keys() & (images | told):
            raise InvalidOption(
                f"The task observes arrays named {', '.join(sorted(twice))}, and so are other parts of the observation "
                "that is asked for. Give the arrays of the task other names."
            )
        spaces: dict[str, gym.Space[Any]] = {**(state if shows_state else {}), **images, **told}
        is_named = any(view.name for view in views) or (shows_state and isinstance(state_space, Dict))
        self._is_dict = is_named or len(spaces) > 1
        self.views, self.context, self._spaces = tuple(views), context, spaces
        self._received = tuple(name for name in spaces if name not in told)
        self._first = next(iter(self._received), "")
        self.space: gym.Space[Any] = gym.spaces.Dict(spaces) if self._is_dict else spaces[self._first]

    def blank(self, count: int) -> dict[str, NDArray[Any]]:
        """Zeros for the arrays of so many observations, (count, …) by name."""
        return {name: np.zeros((count, *(space.shape or ())), space.dtype) for name, space in self._spaces.items()}

    def compose(self, arrays: Mapping[str, NDArray[Any]]) -> Any:
        """The observation that consists of these arrays, or the batch of observations that consists of batches."""
        return {name: arrays[name] for name in self._spaces} if self._is_dict else arrays[self._first]

    def compose_row(self, arrays: Mapping[str, NDArray[Any]], row: int, unit: NDArray[np.float32] | None) -> Any:
        """One observation.

        Args:
            arrays: Of some observations, as they were received: (rows, …) by name.
            row: Which of them.
            unit: The place of the episode's parameters in their unit cube, if there is a context.
        """
        if not self._is_dict:
            return arrays[self._first][row]
        observation = {name: arrays[name][row] for name in self._received}
        return {**observation, self.context.name: unit} if self.context else observation


def _image_spaces(views: Sequence[View]) -> dict[str, gym.Space[Any]]:
    spaces: dict[str, gym.Space[Any]] = {}
    for view in views:
        for name in view.passes:
            shown, dtype = PASSES[name], np.dtype(PASSES[name].dtype)
            box = gym.spaces.Box(shown.low, shown.high, shown.shape(view.width, view.height), dtype.type)
            spaces[view.key(name)] = box
        check_observed(view)
        if isinstance(view.keypoints, tuple) and view.keypoints:
            high = np.float32(max(view.width, view.height, 2))
            spaces[view.key(KEYPOINTS)] = gym.spaces.Box(np.float32(-0.5), high, (len(view.keypoints), 3), np.float32)
    return spaces
