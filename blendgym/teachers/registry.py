"""Teachers by name."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption, TeacherNotFound
from blendgym.names import did_you_mean, is_module
from blendgym.teachers.checks import checked_nominal
from blendgym.teachers.teacher import Teacher

TEACHERS = {
    "uniform": "blendgym.teachers.uniform:Uniform",
    "schedule": "blendgym.teachers.schedule:Schedule",
    "adr": "blendgym.teachers.automatic:AutomaticDomainRandomization",
    "frontier": "blendgym.teachers.frontier:Frontier",
    "learnability": "blendgym.teachers.learnability:Learnability",
    "group_dro": "blendgym.teachers.group_robust:GroupRobust",
    "alp_gmm": "blendgym.teachers.learning_progress:AbsoluteLearningProgress",
    "plr": "blendgym.teachers.replay:PrioritizedLevelReplay",
    "doraemon": "blendgym.teachers.doraemon:Doraemon",
    "cem": "blendgym.teachers.cross_entropy:CrossEntropy",
    "spdl": "blendgym.teachers.self_paced:SelfPaced",
}
"""Entry points of the teachers, by name. Each is a class whose first argument is the place of the nominal values."""


def make_teacher(name: str, nominal_unit: NDArray[np.float64], **arguments: Any) -> Teacher:
    """Makes a teacher.

    Args:
        name: One of ``TEACHERS``, or ``module:Class`` for any other subclass of ``Teacher``.
        nominal_unit: The place of the nominal values in the cube, float64 (dimensions,).
        arguments: Keyword arguments of the teacher.

    Raises:
        TeacherNotFound: If there is none of that name.
        InvalidOption: If it does not take these arguments.
    """
    if not isinstance(name, str):
        raise TeacherNotFound(f"A teacher has a name, such as 'frontier'; got {name!r:.80}.")
    teacher_class = _class_of(TEACHERS.get(name, name))
    nominal = checked_nominal(nominal_unit)
    try:
        inspect.signature(teacher_class).bind(nominal, **arguments)
    except TypeError as error:
        raise InvalidOption(f"Teacher {name!r} does not take these arguments: {error}.") from None
    teacher: Teacher = teacher_class(nominal, **arguments)
    return teacher


def _class_of(entry_point: str) -> Any:
    module, separator, class_name = entry_point.partition(":")
    if not (separator and is_module(module)):
        raise TeacherNotFound(
            f"There is no teacher {entry_point!r}; there are {', '.join(TEACHERS)}, "
            f"and any other as 'module:Class'.{did_you_mean(entry_point, TEACHERS)}"
        )
    try:
        found = getattr(importlib.import_module(module), class_name, None)
    except ImportError as error:
        raise TeacherNotFound(
            f"The module of teacher {entry_point!r} cannot be imported: {error}. "
            "Some need SciPy and scikit-learn: pip install 'blendgym[dr]'."
        ) from error
    if not (isinstance(found, type) and issubclass(found, Teacher)):
        raise TeacherNotFound(f"Teacher {entry_point!r} is no subclass of blendgym.teachers.Teacher, but {found!r}.")
    return found
