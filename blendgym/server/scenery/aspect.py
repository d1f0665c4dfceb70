"""What a thing looks like in one respect, as a few numbers that are set one by one."""

from __future__ import annotations

import math
from typing import ClassVar

NEARLY = 5e-4
"""Relative. Nominal values are written with four digits; what is as near to the built one as this, is the built one."""

TURN = 2.0 * math.pi

Numbers = dict[str, float]


class Aspect:
    """One aspect of how a thing looks, such as a colour: hue, saturation and brightness.

    Every change starts from how the thing was built, never from how it looks now, so nothing accumulates: numbers that
    are all those of the build bring back its very bits. A number that stays as it is costs nothing.

    Attributes:
        angles: Which of its numbers are angles, in rad: the same after a whole turn.
    """

    angles: ClassVar[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        # Without a direction or a colour, an azimuth or a hue is as good as any other.
        self._built = {name: 0.0 if math.isnan(value) else value for name, value in self.measure().items()}
        self._asked = self._built

    def set(self, name: str, value: float) -> None:
        """Sets one number, and leaves the others as they were asked for."""
        if value == self._asked[name]:
            return
        self._asked = {**self._asked, name: value}
        self.renew()

    def renew(self) -> None:
        """Makes Blender show what is asked for."""
        if all(self._is_built(*each) for each in self._asked.items()):
            self.restore()
        else:
            self.show(self._asked)

    def read(self, name: str) -> float:
        """One number, as it is in effect in Blender; an angle in the turn in which it was asked for."""
        value, asked = self.measure()[name], self._asked[name]
        if math.isnan(value):
            return asked
        return value + TURN * round((asked - value) / TURN) if name in self.angles else value

    def measure(self) -> Numbers:
        """All numbers as Blender has them; NaN for one that means nothing, such as the hue of grey."""
        raise NotImplementedError

    def show(self, numbers: Numbers) -> None:
        """Makes Blender show these numbers."""
        raise NotImplementedError

    def restore(self) -> None:
        """Makes Blender show what was built, bit for bit."""
        raise NotImplementedError

    def _is_built(self, name: str, value: float) -> bool:
        built = self._built[name]
        if name in self.angles:
            value = built + math.remainder(value - built, TURN)
        return math.isclose(value, built, rel_tol=NEARLY, abs_tol=1e-6)
