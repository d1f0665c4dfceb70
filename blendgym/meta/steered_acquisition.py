"""The action option ``"acquisition"``: what a frontier aims at, whatever the parameters are and however many."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from blendgym.meta.distribution import central_bounds
from blendgym.meta.observations import RATES, Observer
from blendgym.meta.steered import SteeredTeacher
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import UNIFORM, Episodes, Tasks
from blendgym.teachers.acquisition import Acquisition, acquire, acquisition_at, acquisition_of
from blendgym.teachers.adaptive import adaptive_teacher
from blendgym.teachers.forms import ArrayOf, Number, Own
from blendgym.teachers.teacher import Teacher

ACQUISITION_FEATURES = (*RATES, "calibration_error", "concentration", "slope", "budget_left")
"""What there is to see, for any number of parameters."""

STEEPEST = 5.0
"""Slope of the pass rate's level that is seen as 1; its inverse, the lowest that there is, as -1."""

MAGNIFICATION = 5.0
"""Of changes of pass rates, and of errors of calibration, which are rarely above a fifth."""


class SteeredAcquisition(SteeredTeacher):
    """Actions set target, sharpness and share of the frontier's tasks, relative to its recipe.

    An action of 0 is the recipe (target 0.2, sharpness 5, share 0.8), -1 and 1 are the ends (0.05 to 0.6, 2 to 20 in
    its logarithm, 0.3 to 0.95). What the share leaves is uniform; there is no other floor. Until the frontier has a
    model of the pass rate all tasks are uniform, whatever the action.

    Args:
        parameters: The parameters that are randomized.
    """

    def __init__(self, parameters: ParameterSpace) -> None:
        super().__init__(len(parameters))
        self._frontier = adaptive_teacher(parameters)
        self._observer = Observer(self.dimensions)
        self._bounds = np.zeros(self.dimensions), np.ones(self.dimensions)

    @classmethod
    def begin(cls, parameters: ParameterSpace, uniform: bool) -> Self:  # noqa: ARG003
        """Makes one; frontiers begin with the whole cube."""
        return cls(parameters)

    @staticmethod
    def action_space(dimensions: int) -> Box:  # noqa: ARG004
        """``Box(-1, 1, (3,))``: target, sharpness, share."""
        return Box(-1.0, 1.0, (len(Acquisition._fields),), np.float32)

    @staticmethod
    def observation_size(dimensions: int) -> int:  # noqa: ARG004
        """The same for any number of parameters."""
        return len(ACQUISITION_FEATURES)

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Between which nine tenths of the frontier's last tasks were, parameter by parameter."""
        return self._bounds

    def over_floor(self) -> Teacher:
        """Itself: how much is uniform is what actions say."""
        return self

    def steer(self, action: NDArray[Any]) -> None:
        """Aims at something else, from the next task on."""
        acquire(self._frontier, acquisition_at(np.asarray(action, np.float64)))

    def observation(self, budget_left: float, slots: int) -> NDArray[np.float32]:  # noqa: ARG002
        """``ACQUISITION_FEATURES``, float32 (features,)."""
        frontier, rates = self._frontier.teacher.describe(), self._observer.rates()
        features = [
            *(2.0 * rates.rates - 1.0),
            *(MAGNIFICATION * rates.slopes),
            MAGNIFICATION * frontier["calibration_error"],
            2.0 * frontier["concentration"] - 1.0,
            np.log(frontier["slope"]) / np.log(STEEPEST),
            2.0 * budget_left - 1.0,
        ]
        return np.clip(features, -1.0, 1.0).astype(np.float32)

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        """Tasks at the frontier, and uniform ones."""
        return self._frontier.sample(generator, count)

    def observe(self, episodes: Episodes) -> None:
        """Has the frontier and what is seen of it take note of episodes."""
        self._frontier.observe(episodes)
        self._observer.observe(episodes)
        self._bounds = central_bounds(episodes.unit[episodes.tags != UNIFORM], self._bounds)

    def update(self) -> None:
        """Fits the frontier's model of the pass rate."""
        self._frontier.update()
        self.version = self._frontier.version

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """That of the mixture."""
        return self._frontier.density(unit)

    def state_dict(self) -> dict[str, Any]:
        """The frontier, its share, and the episodes that are remembered."""
        return super().state_dict() | {
            "frontier": self._frontier.state_dict(),
            "floor": self._frontier.share,
            "observer": self._observer.state_dict(),
            "bounds": np.array(self._bounds),
        }

    def state_form(self) -> dict[str, Any]:
        """That of the frontier, its share, and the episodes that are remembered."""
        return super().state_form() | {
            "frontier": Own(self._frontier.state_form()),
            "floor": Number(0.0, 1.0),
            "observer": self._observer.state_form(),
            "bounds": ArrayOf(np.float64, (2, self.dimensions), 0.0, 1.0),
        }

    def take_state(self, state: dict[str, Any]) -> None:
        """Takes over what ``state_dict`` gave."""
        super().take_state(state)
        self._frontier.load_state_dict(state["frontier"])
        self._frontier.share = state["floor"]
        self._observer.load_state_dict(state["observer"])
        low, high = np.array(state["bounds"])
        self._bounds = low, high

    def describe(self) -> dict[str, float]:
        """What the frontier says of itself, and what it aims at."""
        return self._frontier.describe() | acquisition_of(self._frontier)._asdict()
