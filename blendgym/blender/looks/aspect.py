"""What a thing looks like in one respect, as a few numbers that are set one by one."""

from __future__ import annotations

import math
from typing import Any, ClassVar

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
        self._state = self.state()
        self._numbers = self.measure(self._state)
        # Without a direction or a colour, an azimuth or a hue is as good as any other.
        self._built = {name: 0.0 if math.isnan(value) else value for name, value in self._numbers.items()}
        self._asked = self._built

    def set(self, name: str, value: float) -> None:
        """Sets one number, and leaves the others as they were asked for."""
        if value == self._asked[name]:
            return
        self._asked = {**self._asked, name: value}
        self.renew()

    def renew(self) -> None:
        """Makes Blender show what is asked for."""
        numbers = {name: self._rounded(name, value) for name, value in self._asked.items()}
        if numbers == self._built:
            self.restore()
        else:
            self.show(numbers)

    def read(self, name: str) -> float:
        """One number, as it is in effect in Blender; an angle in the turn in which it was asked for."""
        state = self.state()
        if state != self._state:
            self._state, self._numbers = state, self.measure(state)
        value, asked = self._numbers[name], self._asked[name]
        if math.isnan(value):
            return asked
        return value + TURN * round((asked - value) / TURN) if name in self.angles else value

    def state(self) -> Any:
        """What Blender has now: a copy that can be compared."""
        raise NotImplementedError

    def measure(self, state: Any) -> Numbers:
        """All numbers in this state; NaN for one that means nothing, such as the hue of grey."""
        raise NotImplementedError

    def show(self, numbers: Numbers) -> None:
        """Makes Blender show these numbers."""
        raise NotImplementedError

    def restore(self) -> None:
        """Makes Blender show what was built, bit for bit."""
        raise NotImplementedError

    def _rounded(self, name: str, value: float) -> float:
        """A number, or that of the build if it is as near to it as the digits of a nominal value are."""
        built = self._built[name]
        turned = built + math.remainder(value - built, TURN) if name in self.angles else value
        return built if math.isclose(turned, built, rel_tol=NEARLY, abs_tol=1e-6) else value
