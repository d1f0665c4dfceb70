"""One environment among many: its random numbers and its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils import seeding

from blendgym.client.randomizer import draw_seed
from blendgym.client.states import State
from blendgym.images.appearance import Appearance
from blendgym.parameters.sources import Source
from blendgym.parameters.space import ParameterSpace
from blendgym.vector.settings import VectorSettings
from blendgym.wire.messages import Episode


class Member:
    """Draws the seeds and the parameters of the episodes of one environment, and says what Gymnasium's do of it.

    Args:
        settings: Of all environments.
        slot: Where its episodes are to be, for a server that has several.

    Attributes:
        task: The task, for its declarations.
        action_space: Of its actions.
        observation_space: Of its observations.
        metadata: Gymnasium's.
        render_mode: Gymnasium's.
        spec: What ``gym.make`` would make it of; ``None`` if Gymnasium has not made it.
        randomizer: Draws its parameters.
        appearance: What the scene looks like in its present episode; ``None`` for how it was built.
    """

    def __init__(self, settings: VectorSettings, slot: int = 0) -> None:
        self.task, self.metadata, self.render_mode = settings.task, settings.metadata, settings.render_mode
        self.action_space, self.observation_space = settings.action_space, settings.observation_space
        self.spec: EnvSpec | None = None
        self.randomizer, self._slot = settings.make_randomizer(), slot
        self.appearance: Appearance | None = None
        self._np_random: np.random.Generator | None = None
        self._np_random_seed = -1

    @property
    def unwrapped(self) -> Self:
        """Itself: no environment among many is wrapped."""
        return self

    def has_wrapper_attr(self, name: str) -> bool:
        """Whether there is such an attribute."""
        return hasattr(self, name)

    def get_wrapper_attr(self, name: str) -> Any:
        """An attribute."""
        return getattr(self, name)

    def set_wrapper_attr(self, name: str, value: Any) -> None:
        """Sets an attribute, on this side of the wire."""
        setattr(self, name, value)

    @property
    def np_random(self) -> np.random.Generator:
        """The generator from which the seeds of its episodes are drawn."""
        if self._np_random is None:
            self._np_random, self._np_random_seed = seeding.np_random()
        return self._np_random

    @property
    def np_random_seed(self) -> int:
        """What that was seeded with."""
        if self._np_random is None:
            self._np_random, self._np_random_seed = seeding.np_random()
        return self._np_random_seed

    def next_episode(self, seed: int | None, options: Mapping[str, Any]) -> Episode:
        """The next episode.

        Args:
            seed: Seeds the generator; ``None`` continues.
            options: The options of the episode, as the ``read_options`` of the settings has read them; or a ``state``
                to be restored, for which no seed is drawn.
        """
        if "state" in options:
            return self._restored(options["state"])
        if seed is not None:
            self._np_random, self._np_random_seed = seeding.np_random(seed)
        self.appearance = options.get("appearance")
        return self.randomizer.next_episode(draw_seed(self.np_random), self.np_random_seed, options, self._slot)

    def set_source(self, source: Source) -> None:
        """Takes the parameters of its episodes from another source; see ``BlendEnv.set_source``."""
        self.randomizer.set_source(source)

    def _restored(self, state: State) -> Episode:
        self.appearance = state.appearance
        return self.randomizer.restored_episode(state.record, state.appearance, state.actions, self._slot)

    @property
    def randomized(self) -> ParameterSpace:
        """The parameters that are drawn for its episodes."""
        return self.randomizer.source.space

    @property
    def randomization(self) -> dict[str, Any]:
        """The record of its present episode; see ``Randomizer``."""
        return self.randomizer.record
