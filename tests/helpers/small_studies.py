"""Studies of seconds: the student is a toy unless told otherwise."""

from __future__ import annotations

import numpy as np

from blendgym.meta.files import TeacherFile
from blendgym.meta.policies import AcquisitionPolicy
from blendgym.studies.exams import Sizes
from blendgym.studies.study import Rules, Study

PENDULUM = "BlendPendulum-v0"  # has no planner, which would play real episodes
SIZES = Sizes(uniform=24, edges=8, out_of_range=8, nominal=4, hard=8, candidates=200)


def study_of(*arms, **changes):
    """A study of some arms beside the baseline, with two parameters of the pendulum."""
    arguments = {
        "env_id": PENDULUM, "ranges": {"gravity": (5.0, 15.0), "action.latency": (0, 2)}, "student": "field",
        "arms": ("uniform", *arms), "seeds": (0, 1), "steps": 40_000, "portion": 6_400, "checkpoints": 4,
        "references": 0, "exam": SIZES, "rules": Rules(resamples=100),
    }  # fmt: skip
    return Study(**(arguments | changes))


def run_of(folder, arm):
    """Folder of the first run of an arm."""
    return next(job.folder for job in folder.jobs(folder.study) if job.arm == arm)


def learned_teacher(file, weight):
    """Writes one whose policy has the same weight everywhere, and returns the file."""
    TeacherFile(AcquisitionPolicy.linear(np.full(AcquisitionPolicy.size(), weight)), 1000, 4).save(file)
    return file
