"""Claims of a study: what is expected of it, declared before the first run begins, and whether it has come true."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.bounds import NotNegative
from blendgym.parameters.draws import keyed_generator
from blendgym.statistics import Interval, bootstrap, interquartile_mean


class Claim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That one arm has at least some multiple of another one's interquartile mean.

    Args:
        arm: The arm.
        against: The arm that it is compared with.
        metric: By which, such as ``"hard, test"``.
        ratio: Of the two interquartile means, at least.
        lower_end: Of the interval of the ratio, at least.
    """

    arm: str
    against: str
    metric: str
    ratio: NotNegative
    lower_end: NotNegative = 0.0


class Finding(NamedTuple):
    """What came of a claim.

    Args:
        claim: The claim.
        runs: Of the arm with the fewest.
        ratio: Of the interquartile means.
    """

    claim: Claim
    runs: int
    ratio: Interval

    @property
    def holds(self) -> bool:
        """Whether it has come true."""
        return self.ratio.estimate >= self.claim.ratio and self.ratio.low >= self.claim.lower_end


def finding_of(
    claim: Claim, arm: NDArray[np.float64], against: NDArray[np.float64], resamples: int, confidence: float
) -> Finding:
    """Compares two arms by one metric.

    Args:
        claim: What is expected.
        arm: One number for each run: (runs,).
        against: The same of the arm that it is compared with.
        resamples: How often the bootstrap draws.
        confidence: Of the interval.
    """
    generator = keyed_generator("claim", claim.metric, claim.arm, claim.against)
    ratio = bootstrap(
        _ratio, arm[:, None], against[:, None], generator=generator, resamples=resamples, confidence=confidence
    )
    return Finding(claim, min(len(arm), len(against)), ratio)


def _ratio(arm: NDArray[np.float64], against: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of interquartile means; what is compared with nothing, is compared with a millionth."""
    return np.asarray(interquartile_mean(arm) / np.maximum(interquartile_mean(against), 1e-6))
