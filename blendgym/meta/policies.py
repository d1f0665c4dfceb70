"""Policies of learned teachers: one small network that is shared by all parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.meta.observations import GLOBAL_FEATURES, PARAMETER_FEATURES, Observation

INPUTS = 2 * (len(PARAMETER_FEATURES) - 1) + len(GLOBAL_FEATURES)
"""What the network sees of a parameter: its features, their mean over all parameters, and the global features."""

OUTPUTS = 2
"""What it says: how to move the low and the high bound."""

Layers = list[tuple[NDArray[np.float64], NDArray[np.float64]]]


class SharedPolicy:
    """Decides about every parameter with the same weights, so it fits any number of parameters, in any order.

    The mean over parameters is how one gets to know about the others (Deep Sets: Zaheer et al., 2017, section 2.3).

    Args:
        layers: Weights (outputs, inputs) and biases (outputs,) of each; hyperbolic tangents between them. A single
            layer makes a linear policy.

    Attributes:
        layers: The weights and biases that it was made with.
    """

    def __init__(self, layers: Layers) -> None:
        sizes = [INPUTS, *(len(bias) for _, bias in layers)]
        shapes = [weights.shape for weights, _ in layers]
        if shapes != list(zip(sizes[1:], sizes[:-1], strict=True)) or sizes[-1] != OUTPUTS:
            raise InvalidOption(
                f"Layers lead from {INPUTS} inputs to {OUTPUTS} outputs; got weights of shapes {shapes}."
            )
        if not all(np.isfinite(array).all() for layer in layers for array in layer):
            raise InvalidOption("Weights and biases of a policy are finite.")
        self.layers = layers

    @classmethod
    def linear(cls, vector: NDArray[np.float64]) -> SharedPolicy:
        """A linear policy from its ``WEIGHTS`` numbers."""
        matrix = np.reshape(vector, (OUTPUTS, INPUTS + 1))
        return cls([(matrix[:, :-1], matrix[:, -1])])

    def __call__(self, observation: Observation) -> NDArray[np.float64]:
        """The action of the option ``"bounds"``: (2 parameters,), from -1 to 1."""
        values = inputs_of(observation)
        for weights, biases in self.layers[:-1]:
            values = np.tanh(values @ weights.T + biases)
        weights, biases = self.layers[-1]
        return np.clip(values @ weights.T + biases, -1.0, 1.0).ravel()


WEIGHTS = OUTPUTS * (INPUTS + 1)
"""Of a linear policy."""


def inputs_of(observation: Observation) -> NDArray[np.float64]:
    """What the network sees: a row of ``INPUTS`` for each parameter."""
    own = observation.parameters[:, 1:]
    shared: Any = np.concatenate([own.mean(axis=0), observation.overall])
    return np.hstack([own, np.tile(shared, (len(own), 1))])
