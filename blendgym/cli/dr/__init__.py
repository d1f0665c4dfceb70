"""``blendgym dr``: adaptive domain randomization."""

from __future__ import annotations

from blendgym.cli.dr.across import across
from blendgym.cli.dr.compare import compare
from blendgym.cli.dr.evaluate import evaluate
from blendgym.cli.dr.headroom import headroom
from blendgym.cli.dr.train_teacher import train_teacher
from blendgym.cli.parsing import Group

dr = Group(
    "Compares ways to randomize, examines what they train, and learns new ones.",
    {"across": across, "compare": compare, "evaluate": evaluate, "headroom": headroom, "train-teacher": train_teacher},
)
