"""One number of a scene that can be a parameter, and within which bounds that makes sense at first."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from blendgym.blender.looks.aspect import Aspect
from blendgym.marks import MarkedParameter
from blendgym.marks.marks import THINGS
from blendgym.parameters import LogUniform, Uniform

DIGITS = 6
"""Of nominal values. What comes as near to the built one is the built one."""

TURN = (-math.tau, math.tau)
SHARE = (0.0, 1.0)
ANY = (-math.inf, math.inf)


class Quantity(NamedTuple):
    """One number of a scene that can be a parameter.

    Args:
        label: For menus.
        suggestion: The parameter that it is at first.
        range: The least and the greatest value that it can have at all.
    """

    label: str
    suggestion: MarkedParameter
    range: tuple[float, float] = ANY


def scaled(
    binding: str,
    of: dict[str, Any],
    name: str,
    unit: str,
    nominal: float,
    label: str = "",
    allowed: tuple[float, float] = (0.0, math.inf),
    spread: float = 2.0,
) -> Quantity:
    """What is multiplied, such as a mass: from half to twice of it, all orders of magnitude alike."""
    value = rounded(nominal)
    low, high = _within(value / spread, value * spread, allowed)
    group = "visual" if binding in ("Light", "Camera", "Sky") else "dynamics"
    if value <= 0:
        return Quantity(label or binding, suggested(binding, of, name, unit, value, (0.0, 1.0), group), allowed)
    made = suggested(binding, of, name, unit, value, (low, high), group, prior=LogUniform())
    return Quantity(label or binding, made, allowed)


def share(
    binding: str,
    of: dict[str, Any],
    name: str,
    nominal: float,
    allowed: tuple[float, float] = SHARE,
    unit: str = "1",
    label: str = "",
    visual: bool = False,
) -> Quantity:
    """What may be nothing, such as friction: up to 0.3 to either side."""
    return around(binding, of, name, unit, nominal, 0.3, allowed, label, visual)


def around(
    binding: str,
    of: dict[str, Any],
    name: str,
    unit: str,
    nominal: float,
    reach: float,
    allowed: tuple[float, float] = ANY,
    label: str = "",
    visual: bool = False,
) -> Quantity:
    """What lies anywhere, such as a limit: as far to either side as is said."""
    value = rounded(nominal)
    bounds = _within(rounded(value - reach), rounded(value + reach), allowed)
    made = suggested(binding, of, name, unit, value, bounds, "visual" if visual else "dynamics")
    return Quantity(label or _spoken(binding), made, allowed)


def angle(
    binding: str,
    of: dict[str, Any],
    number: str,
    aspect: Aspect,
    reach: float,
    allowed: tuple[float, float] = TURN,
    label: str = "",
) -> Quantity:
    """An angle of how something looks, in rad."""
    return around(
        binding, of, number, "rad", aspect.read(number), reach, allowed, label or number.capitalize(), visual=True
    )


def imaging(
    kind: str,
    of: dict[str, Any],
    label: str,
    nominal: float,
    bounds: tuple[float, float],
    allowed: tuple[float, float],
) -> Quantity:
    """What an ideal camera does not do."""
    number = str(of["number"])
    whole: dict[str, Any] = {"kind": "integer"} if number == "jpeg_quality" else {}
    made = suggested(kind, of, f"{kind.lower()}.{number}", "1", nominal, bounds, "imaging", **whole)
    return Quantity(label, made, allowed)


def suggested(
    binding: str,
    of: dict[str, Any],
    name: str,
    unit: str,
    nominal: float,
    bounds: tuple[float, float],
    group: str,
    **more: Any,
) -> MarkedParameter:
    """A parameter that is called after the thing that it changes."""
    thing = next((str(of[kind]) for kind in THINGS if kind in of), "")
    owner = re.sub(r"\W+", "_", thing.lower()).strip("_") or {"Sky": "sky", "Gravity": "world"}.get(binding, "thing")
    return MarkedParameter(
        name=f"{owner}.{name}",
        unit=unit,
        nominal=nominal,
        low=bounds[0],
        high=bounds[1],
        group=group,
        binding=binding,
        of=of,
        **{"prior": Uniform(), **more},
    )


def _within(low: float, high: float, allowed: tuple[float, float]) -> tuple[float, float]:
    return max(low, allowed[0]), min(high, allowed[1])


def rounded(value: float) -> float:
    """Without the noise of single precision."""
    return round(float(f"{value:.{DIGITS}g}"), 2 * DIGITS - 4)


def _spoken(binding: str) -> str:
    """``"LinearDamping"`` as ``"Linear damping"``."""
    return re.sub(r"(?<!^)([A-Z])", lambda match: f" {match[1].lower()}", binding)
