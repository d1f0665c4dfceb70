"""Certificates: a question is feasible if someone has won it.

A win proves that the question, with its parameters, start state and noise, can be won in the twin. That nobody has won
it proves nothing; such questions are unknown, and do not count where that matters.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from blendgym.agents.students.student import Student
from blendgym.registry import room_of
from blendgym.studies.exams import Exam, Section


def planners_of(exam: Exam) -> list[tuple[str, Student]]:
    """The controllers that know the true parameters, by name: ``PLANNERS`` in the ``planner.py`` of a room."""
    room = room_of(exam.env_id)
    part = room.part("planner") if room else None
    return [(name, make(exam.space)) for name, make in part.PLANNERS.items()] if part else []


def certified(exam: Exam, panel: Iterable[tuple[str, Student]]) -> Exam:
    """The exam with the name of the first of a panel who wins each question."""
    winners = np.full(len(exam.unit), "", dtype=object)
    for name, student in panel:
        won = student.evaluate(exam.unit, exam.start_seed).successes
        winners[won & (winners == "")] = name
    sections = [_with_winners(section, winners[exam.rows[section.name]].tolist()) for section in exam.sections]
    return msgspec.structs.replace(exam, sections=sections).locked()


def _with_winners(section: Section, winners: list[str]) -> Section:
    return msgspec.structs.replace(section, winners=winners)
