"""Outcomes of studies whose numbers are chosen."""

from __future__ import annotations

import numpy as np
from small_studies import PENDULUM, SIZES, study_of

from blendgym.studies.exams import UNIFORM, make_exam
from blendgym.studies.results import Arm, Outcome

STEPS = np.array([100, 200, 300, 400])
"""Of the checkpoints."""


def outcome_of(*, unlearnable=0, **arms):
    """A study whose runs master so many of 24 uniform questions at each checkpoint: arms of (runs, checkpoints)."""
    study = study_of("frontier", student_options={"unlearnable": unlearnable} if unlearnable else {})
    exam = make_exam(PENDULUM, study.ranges, SIZES, 0)
    made = []
    for name, runs in arms.items():
        successes = np.zeros((len(runs), len(STEPS), len(exam.unit)), bool)
        for run, masters in enumerate(runs):
            for checkpoint, count in enumerate(masters):
                successes[run, checkpoint, exam.rows[UNIFORM]] = np.arange(24) < count
        made.append(Arm(name, [], STEPS, successes, successes.astype(float), np.arange(3), np.zeros((3, 5, 2))))
    return Outcome(study, exam, made, [])
