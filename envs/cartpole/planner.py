"""A controller that knows the true parameters of the cart-pole: what it wins can be won."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm, solve_discrete_are

from blendgym.agents.students.environments import Workplace
from blendgym.agents.students.policy_student import OutputsInTasks, PolicyStudent
from blendgym.envs.cartpole import ROOM
from blendgym.envs.cartpole.equations import POLE_WIDTH
from blendgym.envs.cartpole.task import Cartpole
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import Episodes, joined
from blendgym.parameters.sources import Sampler

LATENCIES = ("action.latency", "observation.latency")

Matrices = NDArray[np.float64]

STATE_COST = np.diag([1.0, 0.1, 10.0, 0.1])
"""Of (x, x', θ, θ')², the order of the observation."""

ACTION_COST = 0.1


class LinearQuadraticRegulator(PolicyStudent):
    """Feedback on the state at the time when an action will arrive, predicted from the actions under way.

    For a linear system with a known delay, that is the optimal regulator (Mee, "An extension of predictor control for
    systems with control time-delays", 1973). Here it is applied to the equations at the upright position, so it wins
    less than what can be won; it takes what it observes, noise included, for the state.

    Args:
        parameters: The parameters that questions are given in.
    """

    def __init__(self, parameters: ParameterSpace) -> None:
        longest = sum(int(Cartpole.parameters[name].high) for name in LATENCIES)
        super().__init__(Workplace(ROOM.id, parameters), seed=0, num_envs=64, history=1 + longest)

    def train(self, source: Sampler, steps: int) -> Episodes:
        """Does nothing: there is nothing to learn."""
        return joined([], len(self._parameters))

    def state_dict(self) -> dict[str, Any]:
        """Nothing changes."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Nothing changes."""

    def _outputs_in(self, unit: NDArray[np.float64]) -> OutputsInTasks:
        """The regulator that is made for each question."""
        nominal = {name: parameter.nominal for name, parameter in self._task.parameters.items()}
        given = dict(zip(self._parameters, self._parameters.from_unit(unit).T, strict=True))
        values = {name: np.broadcast_to(each, len(unit)) for name, each in (nominal | given).items()}
        advance, push = discretized(*linearized(values), 1.0 / self._task.control_rate)
        gain = np.stack([_gain(*pair) for pair in zip(advance, push, strict=True)])
        delay = np.sum([values[name] for name in LATENCIES], axis=0)

        def outputs(features: NDArray[np.float32], tasks: NDArray[np.int64]) -> Matrices:
            state = self._on_arrival(features, advance[tasks], push[tasks], delay[tasks])
            return np.asarray(-(gain[tasks] * state).sum(axis=1, keepdims=True))

        return outputs

    def _on_arrival(
        self, features: NDArray[np.float32], advance: Matrices, push: Matrices, delay: Matrices
    ) -> Matrices:
        """The state when an action will arrive: (rows, 4), from what was seen and done."""
        seen = features.reshape(len(features), self._history_length, -1).astype(np.float64)
        state, actions = seen[:, 0, :4] * self._scale, seen[:, :, 4]
        for steps_ago in range(self._history_length - 1, 0, -1):
            under_way = (delay >= steps_ago)[:, None]
            action = actions[:, steps_ago - 1, None]
            state = np.where(under_way, _times(advance, state) + push * action, state)
        return state


def linearized(values: Mapping[str, Matrices]) -> tuple[Matrices, Matrices]:
    """The equations of cart and pole near the upright position, for the state (x, x', θ, θ').

    Args:
        values: The values of the parameters by name: float64 (count,) each.

    Returns:
        A (count, 4, 4) and b (count, 4) of state' = A state + b action, an action being a share of the force.
    """
    mass, length, gravity = values["pole.mass"], values["pole.length"], values["gravity"]
    moment = mass * length / 2
    inertia = mass * (length**2 + POLE_WIDTH**2) / 12 + moment * length / 2
    total = values["cart.mass"] + mass
    inertias = np.stack([np.stack([total, moment], -1), np.stack([moment, inertia], -1)], -2)
    inverse = np.linalg.inv(inertias)
    system = np.zeros((len(mass), 4, 4))
    system[:, 0, 1] = system[:, 2, 3] = 1.0
    system[:, 1::2, 1] = -inverse[:, :, 0] * values["track.damping"][:, None]
    system[:, 1::2, 2] = inverse[:, :, 1] * (moment * gravity)[:, None]
    system[:, 1::2, 3] = -inverse[:, :, 1] * values["hinge.damping"][:, None]
    push = np.zeros((len(mass), 4))
    push[:, 1::2] = inverse[:, :, 0] * values["force.scale"][:, None]
    return system, push


def discretized(system: Matrices, push: Matrices, period: float) -> tuple[Matrices, Matrices]:
    """What a control period with a constant action does to a state: matrices (count, 4, 4) and vectors (count, 4)."""
    together = np.zeros((len(system), 5, 5))
    together[:, :4, :4], together[:, :4, 4] = system, push
    exponential = expm(together * period)
    return exponential[:, :4, :4], exponential[:, :4, 4]


def _gain(advance: Matrices, push: Matrices) -> Matrices:
    column = push[:, None]
    cost = solve_discrete_are(advance, column, STATE_COST, np.array([[ACTION_COST]]))
    gain: Matrices = (column.T @ cost @ advance / (ACTION_COST + column.T @ cost @ column))[0]
    return gain


def _times(matrices: Matrices, vectors: Matrices) -> Matrices:
    return np.asarray(np.einsum("nij,nj->ni", matrices, vectors))


PLANNERS = {"regulator": LinearQuadraticRegulator}
"""Who has a try at the questions of exams, by name; each is made with the parameters of the exam."""
