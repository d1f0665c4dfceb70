"""The equations of a cart with a pole on it, for many at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.twins.runge_kutta import States
from blendgym.twins.twin import Rows, Values

POLE_WIDTH = 0.05  # m


class CartAndPole:
    """Lagrange's equations of the second kind for the position x of the cart and the angle θ of the pole from upright.

    (M + m) x'' + m l cosθ θ'' = F - b x' + m l sinθ θ'²
    m l cosθ x'' + (I + m l²) θ'' = m g l sinθ - c θ'

    M and m are the masses of cart and pole, 2 l is the length of the pole, a uniform box, I its inertia about its
    centre, g gravity, b and c are damping.

    Args:
        count: How many carts with poles.
    """

    def __init__(self, count: int) -> None:
        self._constants = np.ones((6, count))
        self._scratch = np.empty((6, count))

    def set_parameters(self, rows: Rows, values: Values) -> None:
        """Puts parameters into effect in some of them."""
        mass, length = values["pole.mass"], values["pole.length"]
        moment = mass * length / 2
        inertia = mass * (length**2 + POLE_WIDTH**2) / 12 + moment * length / 2
        constants = (
            values["cart.mass"] + mass, moment, inertia, moment * values["gravity"],
            values["track.damping"], values["hinge.damping"],
        )  # fmt: skip
        for column, values_of_rows in zip(self._constants, constants, strict=True):
            column[rows] = values_of_rows

    def derivative(self, states: States, force: NDArray[np.float64], out: States) -> None:
        """Derivatives of states (x, θ, x', θ').

        Args:
            states: float64 (4, count).
            force: On the cart, in N: float64 (count,).
            out: Where they are written to: float64 (4, count).
        """
        total_mass, moment, inertia, weight, track_damping, hinge_damping = self._constants
        sine, coupling, push, torque, determinant, product = self._scratch
        _, angle, velocity, rate = states
        np.sin(angle, out=sine)
        np.cos(angle, out=coupling)
        coupling *= moment
        np.multiply(rate, rate, out=push)
        push *= moment
        push *= sine
        push += force
        push -= np.multiply(track_damping, velocity, out=product)
        np.multiply(weight, sine, out=torque)
        torque -= np.multiply(hinge_damping, rate, out=product)
        np.multiply(total_mass, inertia, out=determinant)
        determinant -= np.multiply(coupling, coupling, out=product)
        out[:2] = states[2:]
        _, _, acceleration, angular_acceleration = out
        np.multiply(inertia, push, out=acceleration)
        acceleration -= np.multiply(coupling, torque, out=product)
        acceleration /= determinant
        np.multiply(total_mass, torque, out=angular_acceleration)
        angular_acceleration -= np.multiply(coupling, push, out=product)
        angular_acceleration /= determinant
