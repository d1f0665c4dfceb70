"""What is marked in a ``.blend``: what can be randomized and what acts. It is kept in the file, and read from there."""

from blendgym.marks.marks import MarkedMotor, MarkedParameter, Marks
from blendgym.marks.reading import marked_parameters, read_marks

__all__ = ["MarkedMotor", "MarkedParameter", "Marks", "marked_parameters", "read_marks"]
