"""The equations of two links with a torque between them, for many at once."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from blendgym.twins.runge_kutta import States
from blendgym.twins.twin import Rows, Values

Value: TypeAlias = NDArray[np.float64] | float

LINK_WIDTH = 0.2  # m
PIN_SHARE = 1.0 / 1.2
"""How far the two pins of a link are apart, as a share of its length from end to end."""


class TwoLinks:
    """Lagrange's equations of the second kind for two uniform bars that hang on each other.

    A θ'' + B cos(φ - θ) φ'' = B sin(φ - θ) φ'² - U sinθ - c θ' - τ
    B cos(φ - θ) θ'' + C φ'' = -B sin(φ - θ) θ'² - V sinφ - d φ' + τ

    The angles of the upper and the lower bar from hanging are θ and φ, so that of the elbow is φ - θ; their damping is
    c and d, and τ the torque on the lower one. With masses m and n, inertias I and J about the centres, pins that are
    a and b apart, and gravity g, A = I + m (a/2)² + n a², B = n a b/2, C = J + n (b/2)², U = (m/2 + n) a g and
    V = n g b/2. In angles of the joints, these are the equations of Spong, "The Swing Up Control Problem for the
    Acrobot", 1995.

    Args:
        count: How many pairs of links.
    """

    def __init__(self, count: int) -> None:
        self._constants = np.ones((7, count))

    def set_parameters(self, rows: Rows, values: Values) -> None:
        """Puts parameters into effect in some of them."""
        upper, lower = (_link(values, name) for name in ("upper", "lower"))
        constants = (
            upper.inertia + upper.mass * (upper.pins / 2) ** 2 + lower.mass * upper.pins**2,
            lower.mass * upper.pins * lower.pins / 2,
            lower.inertia + lower.mass * (lower.pins / 2) ** 2,
            (upper.mass / 2 + lower.mass) * upper.pins * values["gravity"],
            lower.mass * lower.pins / 2 * values["gravity"],
            values["upper.damping"],
            values["lower.damping"],
        )
        for column, values_of_rows in zip(self._constants, constants, strict=True):
            column[rows] = values_of_rows

    def derivative(self, states: States, torque: NDArray[np.float64], out: States) -> None:
        """Derivatives of states: angles of shoulder and elbow, and their rates.

        Args:
            states: float64 (4, count).
            torque: Of the elbow, in N·m: float64 (count,).
            out: Where they are written to: float64 (4, count).
        """
        inertia, coupling, lower_inertia, weight, lower_weight, damping, lower_damping = self._constants
        shoulder, elbow, rate, elbow_rate = states
        lower_rate = rate + elbow_rate
        cosine, sine = coupling * np.cos(elbow), coupling * np.sin(elbow)
        push = sine * lower_rate**2 - weight * np.sin(shoulder) - damping * rate - torque
        lower_push = torque - sine * rate**2 - lower_weight * np.sin(shoulder + elbow) - lower_damping * lower_rate
        determinant = inertia * lower_inertia - cosine**2
        acceleration = (lower_inertia * push - cosine * lower_push) / determinant
        out[:2] = states[2:]
        out[2] = acceleration
        out[3] = (inertia * lower_push - cosine * push) / determinant - acceleration


class _Link(NamedTuple):
    mass: Value
    pins: Value
    inertia: Value


def _link(values: Values, name: str) -> _Link:
    mass, length = values[f"{name}.mass"], values[f"{name}.length"]
    return _Link(mass, PIN_SHARE * length, mass * (length**2 + LINK_WIDTH**2) / 12)
