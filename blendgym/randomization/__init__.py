"""Randomization parameters: what can be varied in an environment, within which bounds, and what it binds to."""

from blendgym.protocol.priors import LogUniform, Normal, Uniform
from blendgym.randomization.bindings import (
    ActionLatency,
    Binding,
    Gravity,
    JointDamping,
    Length,
    Mass,
    ObservationLatency,
    ObservationNoise,
    Target,
    TaskAttribute,
)
from blendgym.randomization.parameters import Parameter
from blendgym.randomization.space import Constraint, Correlation, ParameterSpace

__all__ = [
    "ActionLatency",
    "Binding",
    "Constraint",
    "Correlation",
    "Gravity",
    "JointDamping",
    "Length",
    "LogUniform",
    "Mass",
    "Normal",
    "ObservationLatency",
    "ObservationNoise",
    "Parameter",
    "ParameterSpace",
    "Target",
    "TaskAttribute",
    "Uniform",
]
