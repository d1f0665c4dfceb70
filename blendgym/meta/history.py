"""What happened in a meta-episode, for drawing."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters.episodes import UNIFORM, Episodes

BINS = 16


class Moment(NamedTuple):
    """One step of a meta-episode.

    Args:
        low: Lower bounds of the distribution, float64 (dimensions,).
        high: Upper bounds.
        pass_rates: Of the step's episodes in equal bins of each parameter: float64 (dimensions, ``BINS``), NaN where
            there were none.
        uniform_success: Success rate of its episodes from the uniform floor; NaN if there were none.
        charged_steps: The steps that the student has been charged up to now.
        score: The score of the probe.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    pass_rates: NDArray[np.float64]
    uniform_success: float
    charged_steps: int
    score: float


class History:
    """The moments of a meta-episode.

    Args:
        names: The names of the parameters.

    Attributes:
        names: The names of the parameters.
        moments: What was seen after each step, in their order.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.moments: list[Moment] = []

    def note(
        self, low: NDArray[np.float64], high: NDArray[np.float64], episodes: Episodes, charged_steps: int, score: float
    ) -> None:
        """Adds a step."""
        uniform = episodes.successes[episodes.tags == UNIFORM]
        rate = float(uniform.mean()) if len(uniform) else np.nan
        self.moments.append(Moment(low.copy(), high.copy(), marginal_pass_rates(episodes), rate, charged_steps, score))

    def state_dict(self) -> dict[str, Any]:
        """All moments."""
        return {"moments": [moment._asdict() for moment in self.moments]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what ``state_dict`` gave."""
        self.moments = [Moment(**moment) for moment in state["moments"]]


def marginal_pass_rates(episodes: Episodes) -> NDArray[np.float64]:
    """Success rates in equal bins of each parameter (dimensions, ``BINS``); NaN where there is no episode."""
    bins = np.minimum((episodes.unit * BINS).astype(np.int64), BINS - 1)
    columns = [
        (np.bincount(column, episodes.successes, BINS), np.bincount(column, minlength=BINS)) for column in bins.T
    ]
    passed, counts = np.array(columns).swapaxes(0, 1)
    with np.errstate(invalid="ignore"):
        return np.asarray(passed / counts)
