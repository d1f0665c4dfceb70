"""ALP-GMM: tasks where the student's score changes most (Portelas et al., CoRL 2019, arXiv 1910.07224)."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from blendgym.checks import check_between, check_positive
from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import Episodes, Tasks, plain_tasks
from blendgym.teachers.checks import check_draw, checked_nominal, checked_places
from blendgym.teachers.distributions.mixtures import NormalMixture
from blendgym.teachers.forms import ArrayOf, Integer, Maybe
from blendgym.teachers.teacher import Teacher

Array = NDArray[np.float64]

_COMPONENTS = range(2, 11)
_REMEMBERED = 10_000


class AbsoluteLearningProgress(Teacher):
    """Samples from a Gaussian mixture, whose components it prefers in proportion to their absolute learning progress.

    The progress of an episode is the absolute difference between its score and that of the nearest earlier place.
    Mixtures of 2 to 10 components are fitted to the latest places and their progress together; the one of the lowest
    Akaike information criterion is kept. Before the first, and where no component has any progress, all is uniform.

    Instead of moving places outside of the cube to its faces, as the authors do, they are drawn again: so there is a
    density. Of earlier places, the latest 10,000 are remembered.

    Args:
        nominal_unit: float64 (dimensions,); only how many there are matters.
        fit_rate: Number of episodes between two fits of the mixture; each fit uses the latest so many.
        uniform_share: Share of the tasks that are drawn uniformly, not from the mixture.
    """

    def __init__(self, nominal_unit: NDArray[np.float64], *, fit_rate: int = 250, uniform_share: float = 0.2) -> None:
        super().__init__(len(checked_nominal(nominal_unit)))
        check_positive(fit_rate=fit_rate)
        check_between("fit_rate", fit_rate, 2 * _COMPONENTS[-1], _REMEMBERED)
        check_between("uniform_share", uniform_share, 0.0, 1.0)
        self.fit_rate, self.uniform_share = fit_rate, uniform_share
        self.mixture: NormalMixture | None = None
        self._unit = np.empty((0, self.dimensions))
        self._scores = np.empty(0)
        self._progress = np.empty(0)
        self._since_fit = 0

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        unit = generator.random((count, self.dimensions))
        if self.mixture is not None:
            taught = generator.random(count) >= self.uniform_share
            unit[taught] = self.mixture.sample(generator, int(taught.sum()))
        return plain_tasks(unit, self.version)

    def observe(self, episodes: Episodes) -> None:
        super().observe(episodes)
        progress = progress_of(episodes, self._unit, self._scores)
        self._unit = np.concatenate([self._unit, episodes.unit])[-_REMEMBERED:]
        self._scores = np.concatenate([self._scores, episodes.scores])[-_REMEMBERED:]
        self._progress = np.concatenate([self._progress, progress])[-self.fit_rate :]
        self._since_fit += len(progress)

    def update(self) -> None:
        if self._since_fit < self.fit_rate:
            return
        self._since_fit = 0
        self.mixture = mixture_of_progress(self._unit[-self.fit_rate :], self._progress, seed=self.version)
        self.version += 1

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        unit = checked_places(unit, self.dimensions)
        if self.mixture is None:
            return np.ones(len(unit))
        return self.uniform_share + (1.0 - self.uniform_share) * self.mixture.density(unit)

    def state_dict(self) -> dict[str, Any]:
        mixture = None if self.mixture is None else self.mixture._asdict()
        return super().state_dict() | {
            "mixture": mixture,
            "unit": self._unit,
            "scores": self._scores,
            "progress": self._progress,
            "since_fit": self._since_fit,
        }

    def state_form(self) -> dict[str, Any]:
        return super().state_form() | {
            "mixture": Maybe(NormalMixture.state_form(self.dimensions)),
            "unit": ArrayOf(np.float64, ("remembered", self.dimensions), 0.0, 1.0),
            "scores": ArrayOf(np.float64, ("remembered",), 0.0, 1.0),
            "progress": ArrayOf(np.float64, ("latest",), 0.0, 1.0),
            "since_fit": Integer(),
        }

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        remembered = len(state["unit"])
        is_known = state["since_fit"] <= remembered or remembered >= _REMEMBERED
        if not is_known or len(state["progress"]) != min(self.fit_rate, remembered):
            raise InvalidOption("This state has other numbers of episodes than it remembers.")
        self.mixture = None if state["mixture"] is None else NormalMixture(**state["mixture"])
        self._unit, self._scores, self._progress = state["unit"], state["scores"], state["progress"]
        self._since_fit = state["since_fit"]

    def describe(self) -> dict[str, float]:
        return {
            "progress": float(self._progress.mean()) if len(self._progress) else 0.0,
            "components": 0.0 if self.mixture is None else float(len(self.mixture.weights)),
            "updates_applied": float(self.version),
        }


def progress_of(episodes: Episodes, unit: Array, scores: Array) -> Array:
    """Absolute learning progress of episodes: how much their scores differ from that of the nearest earlier place.

    Args:
        episodes: In their order; each is an earlier one to those that follow.
        unit: Places (earlier, dimensions) that came before all of them.
        scores: Of those, (earlier,).

    Returns:
        (episodes,), from 0 to 1; the very first episode of all has made none.
    """
    if not episodes:
        return np.empty(0)
    count, earlier = len(episodes.scores), len(scores)
    distances = cdist(episodes.unit, np.concatenate([unit, episodes.unit]))
    distances[:, earlier:][np.triu_indices(count)] = np.inf
    nearest = distances.argmin(axis=1)
    progress = np.abs(episodes.scores - np.concatenate([scores, episodes.scores])[nearest])
    return np.where(np.isfinite(distances.min(axis=1)), progress, 0.0)


def mixture_of_progress(unit: Array, progress: Array, seed: int) -> NormalMixture | None:
    """The mixture of places in which a component weighs as much as its mean progress; ``None`` if none has any."""
    rows = np.column_stack([unit, progress])
    # More threads than one slow down problems as small as this.
    with threadpool_limits(1):
        fits = [_fitted(rows, components, seed) for components in _COMPONENTS]
    best = min(fits, key=lambda fit: float(fit.aic(rows)))
    gains = np.maximum(best.means_[:, -1], 0.0)
    if gains.sum() < 1e-9:
        return None
    return NormalMixture(gains / gains.sum(), best.means_[:, :-1], best.covariances_[:, :-1, :-1])


def _fitted(rows: Array, components: int, seed: int) -> GaussianMixture:
    with warnings.catch_warnings():
        # The criterion judges a mixture, whether it has converged or not.
        warnings.simplefilter("ignore", ConvergenceWarning)
        # scikit-learn counts the cores for its one thread; a sandbox need not show them (joblib 1.6).
        warnings.filterwarnings("ignore", "Could not find the number of physical cores", UserWarning)
        return GaussianMixture(components, random_state=seed).fit(rows)
