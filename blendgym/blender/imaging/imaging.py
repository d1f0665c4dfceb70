"""Lens and sensor of a camera in numbers, of which those of an ideal camera change nothing."""

from __future__ import annotations

import math
from typing import NamedTuple

from blendgym.errors import InvalidParameter
from blendgym.images.distortion import COEFFICIENTS

RAW = 100.0
"""The quality at which nothing is compressed."""


class _Number(NamedTuple):
    """One of the numbers.

    Args:
        ideal: Of an ideal camera.
        low: Lowest value that makes sense.
        high: Highest value that makes sense.
        is_whole: Whether it is a whole number.
    """

    ideal: float
    low: float = -math.inf
    high: float = math.inf
    is_whole: bool = False


NUMBERS = {
    **{name: _Number(0.0) for name in COEFFICIENTS},
    "vignetting": _Number(0.0, low=0.0),
    "blur": _Number(0.0, low=0.0, high=0.1),
    "exposure": _Number(0.0, low=-32.0, high=32.0),
    "shot_noise": _Number(0.0, low=0.0),
    "read_noise": _Number(0.0, low=0.0),
    "red_gain": _Number(1.0, low=0.0),
    "blue_gain": _Number(1.0, low=0.0),
    "gamma": _Number(1.0, low=0.1, high=10.0),
    "jpeg_quality": _Number(RAW, low=1.0, high=RAW, is_whole=True),
}
"""All numbers, by name; what they mean is said at ``blendgym.parameters.Lens`` and ``blendgym.parameters.Sensor``."""


class Imaging:
    """What lens and sensor of one camera do to its pictures.

    Attributes:
        is_ideal: Whether that is nothing.
    """

    def __init__(self) -> None:
        self._numbers = {name: number.ideal for name, number in NUMBERS.items()}
        self.is_ideal = True

    def set(self, name: str, value: float) -> None:
        """Sets one number.

        Raises:
            InvalidParameter: If it makes no sense.
        """
        if value == self._numbers[name]:
            return
        known = NUMBERS[name]
        if not known.low <= value <= known.high or (known.is_whole and value != round(value)):
            kind = "a whole number" if known.is_whole else "a number"
            raise InvalidParameter(f"{name} of a camera is {value:g}; expected {kind} {_range(known)}.")
        self._numbers[name] = value
        self.is_ideal = all(self._numbers[each] == number.ideal for each, number in NUMBERS.items())

    def read(self, name: str) -> float:
        """One number."""
        return self._numbers[name]

    @property
    def distortion(self) -> tuple[float, ...]:
        """OpenCV's coefficients, in OpenCV's order; empty if there is none."""
        coefficients = tuple(self._numbers[name] for name in COEFFICIENTS)
        return coefficients if any(coefficients) else ()


def _range(known: _Number) -> str:
    return f"from {known.low:g} to {known.high:g}" if math.isfinite(known.high) else f"from {known.low:g}"
