"""``blendgym dr``: adaptive domain randomization."""

from __future__ import annotations

from typing import Annotated

import tyro

from blendgym.cli.dr.across import across
from blendgym.cli.dr.compare import compare
from blendgym.cli.dr.evaluate import evaluate
from blendgym.cli.dr.headroom import headroom
from blendgym.cli.dr.train_teacher import train_teacher

Command = (
    Annotated[None, tyro.conf.subcommand("across", constructor=across)]
    | Annotated[None, tyro.conf.subcommand("compare", constructor=compare)]
    | Annotated[None, tyro.conf.subcommand("evaluate", constructor=evaluate)]
    | Annotated[None, tyro.conf.subcommand("headroom", constructor=headroom)]
    | Annotated[None, tyro.conf.subcommand("train-teacher", constructor=train_teacher)]
)


def dr(command: Annotated[Command, tyro.conf.arg(name="")]) -> None:
    """Compares ways to randomize, examines what they train, and learns new ones."""
