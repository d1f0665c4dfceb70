"""What studies compare: ways of choosing the tasks of training."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption, InvalidStudy
from blendgym.keywords import parse_keywords
from blendgym.meta.learned import LearnedTeacher
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import Tasks, plain_tasks
from blendgym.studies.exams import HARD_DEV, Exam
from blendgym.studies.files import checksum
from blendgym.teachers import Mix, Teacher, make_teacher
from blendgym.teachers.acquisition import RandomAcquisition
from blendgym.teachers.adaptive import adaptive_teacher
from blendgym.teachers.mix import UNIFORM_SHARE

NONE, BASELINE, ORACLE = "none", "uniform", "oracle50"

ORACLES = {ORACLE: 0.5, "oracle80": 0.2}
"""Arms that train on hard questions, and the share of their tasks that is uniform."""

FRONTIER, RANDOM_ACQUISITION = "frontier", "random_acquisition"

LEARNED = ".npz"
"""How the names of arms end that are files of learned teachers."""

LONGEST_NAME = 200
"""Of an arm in names of files, in bytes; with what is around it, it is to be below the 255 of file systems."""

Places = NDArray[np.float64]


class Points(Teacher):
    """A finite set of places, all alike: the nominal one alone is no randomization at all.

    Args:
        unit: float64 (places, dimensions).
    """

    def __init__(self, unit: Places) -> None:
        super().__init__(unit.shape[1])
        self._unit = unit

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        """Places drawn with replacement."""
        return plain_tasks(self._unit[generator.integers(len(self._unit), size=count)])

    def density(self, unit: Places) -> Places:
        """Infinite at the places, 0 elsewhere."""
        hit = (unit[:, None, :] == self._unit).all(axis=-1).any(axis=-1)
        return np.where(hit, np.inf, 0.0)


def make_arm(
    name: str, parameters: ParameterSpace, exam: Exam | None = None, budget: int | None = None, file: Path | None = None
) -> Teacher:
    """The teacher of one arm of a study.

    Args:
        name: ``"none"``: nominal values only. ``"uniform"``: the baseline. ``"oracle50"`` and ``"oracle80"``: that many
            per cent of the tasks are questions of the hard section of the exam for development, which is the most that
            could be known. ``"random_acquisition"``: the frontier at a target, a sharpness and a share that are drawn
            anew at each update. The ``.npz`` file of a learned teacher, whose tasks are mixed with as many uniform ones
            as where it was learned. Any other teacher, by name, has a floor of uniform tasks.
        parameters: The parameters that are randomized, in the ranges of training.
        exam: The exam of the study; only oracles need it.
        budget: Environment steps of a run; only learned teachers need it.
        file: Where a learned teacher is kept, if not where its name says.

    Raises:
        InvalidOption: If an oracle is asked for without a hard section, or an arm does not take an argument.
        TeacherNotFound: If there is no such teacher.
    """
    nominal = parameters.nominal_unit
    if name == NONE:
        return Points(nominal[None])
    if name == BASELINE:
        return make_teacher(BASELINE, nominal)
    if name in ORACLES:
        return Mix(Points(_hard_places(name, parameters, exam)), share=ORACLES[name])
    if name == RANDOM_ACQUISITION:
        return RandomAcquisition(adaptive_teacher(parameters))
    if name.endswith(LEARNED):
        return LearnedTeacher(parameters, file or name, budget)
    teacher, arguments, share = _read(name)
    if teacher == FRONTIER:
        return adaptive_teacher(parameters, share=share, **arguments)
    return Mix(make_teacher(teacher, nominal, **arguments), share)


def file_name_of(name: str) -> str:
    """What an arm is called in names of files: one that is a path, or has a colon, without these.

    One that is too long for a file system has its beginning and its checksum.
    """
    plain = re.sub(r"[^\w.,=+-]", "_", name)
    long = len(plain.encode()) > LONGEST_NAME
    return f"{plain[:30]}-{hashlib.sha256(name.encode()).hexdigest()}" if long else plain


def checksums_of(names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of the files of learned teachers among some arms.

    Raises:
        InvalidOption: If one cannot be read.
    """
    return {name: _checksum(name) for name in names if name.endswith(LEARNED)}


def _checksum(file: str) -> str:
    try:
        return checksum(Path(file))
    except InvalidStudy as error:
        raise InvalidOption(f"An arm is a file: {error}") from error


def _read(name: str) -> tuple[str, dict[str, Any], float]:
    """A teacher, its arguments, and the share of uniform tasks under it."""
    teacher, *typed = name.split(",")
    arguments = parse_keywords(typed, f"The arm {teacher!r}")
    return teacher, arguments, arguments.pop("uniform_share", UNIFORM_SHARE)


def _hard_places(name: str, parameters: ParameterSpace, exam: Exam | None) -> Places:
    section = exam.section(HARD_DEV) if exam else None
    if exam is None or section is None or not section.counts.any():
        raise InvalidOption(
            f"The arm {name!r} trains on questions of the section {HARD_DEV!r}, of which the exam has none that "
            "are known to be feasible. Find hard ones with more reference agents, more steps or wider ranges."
        )
    return parameters.to_unit(exam.values_of(section)[section.counts])
