"""Teachers: how randomization adapts to the student."""

from blendgym.teachers.frontier import Frontier
from blendgym.teachers.mix import Mix
from blendgym.teachers.registry import TEACHERS, make_teacher
from blendgym.teachers.teacher import Teacher

__all__ = ["TEACHERS", "Frontier", "Mix", "Teacher", "make_teacher"]
