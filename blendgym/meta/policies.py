"""Policies of learned teachers: small networks that fit any number of parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.meta.observations import GLOBAL_FEATURES, PARAMETER_FEATURES, Observation
from blendgym.meta.steered_acquisition import ACQUISITION_FEATURES
from blendgym.teachers.acquisition import Acquisition

Layers = list[tuple[NDArray[np.float64], NDArray[np.float64]]]


class Policy(ABC):
    """A network that acts in the meta-environment.

    Args:
        layers: Weights (outputs, inputs) and biases (outputs,) of each; hyperbolic tangents between them. A single
            layer makes a linear policy.

    Attributes:
        layers: The weights and biases that it was made with.

    Raises:
        InvalidOption: If they do not lead from ``inputs`` to ``outputs``, or are not finite.
    """

    action: ClassVar[str]
    """Of the meta-environment: what its actions do."""

    inputs: ClassVar[int]
    outputs: ClassVar[int]

    def __init__(self, layers: Layers) -> None:
        sizes = [self.inputs, *(len(bias) for _, bias in layers)]
        shapes = [weights.shape for weights, _ in layers]
        if shapes != list(zip(sizes[1:], sizes[:-1], strict=True)) or sizes[-1] != self.outputs:
            raise InvalidOption(
                f"Layers lead from {self.inputs} inputs to {self.outputs} outputs; got weights of shapes {shapes}."
            )
        if not all(np.isfinite(array).all() for layer in layers for array in layer):
            raise InvalidOption("Weights and biases of a policy are finite.")
        self.layers = layers

    @classmethod
    def size(cls) -> int:
        """How many numbers a linear one is made of."""
        return cls.outputs * (cls.inputs + 1)

    @classmethod
    def linear(cls, vector: NDArray[np.float64]) -> Self:
        """A linear policy from its ``size()`` numbers."""
        matrix = np.reshape(vector, (cls.outputs, cls.inputs + 1))
        return cls([(matrix[:, :-1], matrix[:, -1])])

    @abstractmethod
    def act(self, observation: NDArray[Any]) -> NDArray[np.float64]:
        """The action, from -1 to 1, that an observation of the meta-environment is answered with."""

    def _outputs(self, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
        """From -1 to 1, (…, outputs), of inputs (…, inputs)."""
        values = inputs
        for weights, biases in self.layers[:-1]:
            values = np.tanh(values @ weights.T + biases)
        weights, biases = self.layers[-1]
        return np.clip(values @ weights.T + biases, -1.0, 1.0)


class SharedPolicy(Policy):
    """Decides about the bounds of every parameter with the same weights, in any order.

    It sees the features of a parameter, their mean over all parameters, and the global features. The mean is how one
    gets to know about the others (Deep Sets: Zaheer et al., 2017, section 2.3). It says how to move the low and the
    high bound.
    """

    action = "bounds"
    inputs = 2 * (len(PARAMETER_FEATURES) - 1) + len(GLOBAL_FEATURES)
    outputs = 2

    def act(self, observation: NDArray[Any]) -> NDArray[np.float64]:
        """The change of the bounds of the parameters that are there: (2 parameters,)."""
        return self(Observation.from_flat(observation))

    def __call__(self, observation: Observation) -> NDArray[np.float64]:
        """The same, of an observation that has been taken apart."""
        return self._outputs(inputs_of(observation)).ravel()


class AcquisitionPolicy(Policy):
    """Decides about target, sharpness and share of a frontier; weights of 0 make the recipe."""

    action = "acquisition"
    inputs = len(ACQUISITION_FEATURES)
    outputs = len(Acquisition._fields)

    def act(self, observation: NDArray[Any]) -> NDArray[np.float64]:
        """Relative to the recipe: (3,)."""
        return self._outputs(np.asarray(observation, np.float64))


POLICIES: dict[str, type[Policy]] = {policy.action: policy for policy in (SharedPolicy, AcquisitionPolicy)}
"""What is learned for each action option that learners know."""


def policy_class(action: str) -> type[Policy]:
    """What is learned for an action option.

    Raises:
        InvalidOption: If nothing is.
    """
    if action in POLICIES:
        return POLICIES[action]
    raise InvalidOption(f"action is {action!r}; learners know {', '.join(POLICIES)}.")


def inputs_of(observation: Observation) -> NDArray[np.float64]:
    """What a shared policy sees: a row of ``SharedPolicy.inputs`` for each parameter."""
    own = observation.parameters[:, 1:]
    shared: Any = np.concatenate([own.mean(axis=0), observation.overall])
    return np.hstack([own, np.tile(shared, (len(own), 1))])
