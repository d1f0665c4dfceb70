"""Where the values of parameters lie in the unit interval."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters.priors import Bound, Prior

_SAME_PLACE = 1e-12


class Scale:
    """The unit interval as a scale of values: shares of a prior.

    It may stand for some parameters with the same prior at once: their bounds are arrays (parameters,) then, and units
    and values are (…, parameters).

    Args:
        prior: How values are spread between the bounds.
        is_discrete: Whether they are whole numbers.
        low: Lowest value.
        high: Highest value.
        nominal: The value whose place gives exactly that value.
    """

    def __init__(self, prior: Prior, is_discrete: bool, low: Bound, high: Bound, nominal: Bound) -> None:
        self._prior, self._is_discrete = prior, is_discrete
        self._low, self._high, self._nominal = low, high, nominal

    @cached_property
    def nominal_unit(self) -> NDArray[np.float64]:
        """The place of the nominal value."""
        return self.to_unit(self._nominal)

    def from_unit(self, unit: Any) -> NDArray[np.float64]:
        """The values at these places, by the prior's inverse distribution function."""
        unit, low, high = np.asarray(unit, np.float64), self._low, self._high
        if self._is_discrete:
            return np.asarray(np.minimum(low + np.floor(unit * (high - low + 1)), high))
        values = np.minimum(np.maximum(self._prior.quantile(unit, low, high), low), high)
        # Rounding would make randomization of no width differ from none.
        return np.where(np.abs(unit - self.nominal_unit) < _SAME_PLACE, self._nominal, values)

    def to_unit(self, values: Any) -> NDArray[np.float64]:
        """The places of values; a whole number is in the middle of its share."""
        values, low, high = np.asarray(values, np.float64), self._low, self._high
        if self._is_discrete:
            return np.asarray((values - low + 0.5) / (high - low + 1))
        return np.asarray(np.clip(self._prior.cdf(values, low, high), 0.0, 1.0))
