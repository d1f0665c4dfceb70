"""Randomization parameters: what can be varied in an environment, within which bounds, and what it binds to."""

from blendgym.randomization.bindings import Binding, Gravity, JointDamping, Length, Mass, TaskAttribute
from blendgym.randomization.parameters import Parameter, ParameterSpace

__all__ = ["Binding", "Gravity", "JointDamping", "Length", "Mass", "Parameter", "ParameterSpace", "TaskAttribute"]
