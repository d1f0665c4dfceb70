"""Randomization parameters: what can be varied in an environment, within which bounds, and what it binds to."""

from blendgym.parameters.bindings import (
    ActionLatency,
    AngularDamping,
    Binding,
    Friction,
    Gravity,
    JointDamping,
    Length,
    LinearDamping,
    LowerLimit,
    Mass,
    ObservationLatency,
    ObservationNoise,
    Restitution,
    SpringStiffness,
    Target,
    TaskAttribute,
    UpperLimit,
)
from blendgym.parameters.imaging_bindings import Lens, Sensor
from blendgym.parameters.parameter import Parameter
from blendgym.parameters.priors import LogUniform, Normal, Uniform
from blendgym.parameters.space import Constraint, Correlation, ParameterSpace
from blendgym.parameters.textures import TEXTURES
from blendgym.parameters.vectors import VectorParameter
from blendgym.parameters.visual_bindings import Camera, Light, Material, Sky

__all__ = [
    "TEXTURES",
    "ActionLatency",
    "AngularDamping",
    "Binding",
    "Camera",
    "Constraint",
    "Correlation",
    "Friction",
    "Gravity",
    "JointDamping",
    "Length",
    "Lens",
    "Light",
    "LinearDamping",
    "LogUniform",
    "LowerLimit",
    "Mass",
    "Material",
    "Normal",
    "ObservationLatency",
    "ObservationNoise",
    "Parameter",
    "ParameterSpace",
    "Restitution",
    "Sensor",
    "Sky",
    "SpringStiffness",
    "Target",
    "TaskAttribute",
    "Uniform",
    "UpperLimit",
    "VectorParameter",
]
