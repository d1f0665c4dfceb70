"""``blendgym bench``."""

from __future__ import annotations

from typing import Annotated

import tyro

from blendgym.benchmarks.frame_rate import main as frames
from blendgym.benchmarks.layout_rate import main as layouts
from blendgym.benchmarks.learning_race import main as learning
from blendgym.benchmarks.meta_rate import main as meta
from blendgym.benchmarks.randomization_rate import main as randomization
from blendgym.benchmarks.solved import main as solved
from blendgym.benchmarks.step_rate import main as steps
from blendgym.benchmarks.stream_rate import main as stream
from blendgym.benchmarks.suite import main as suite
from blendgym.benchmarks.twin_rate import main as twins
from blendgym.benchmarks.vector_rate import main as vectors

Command = (
    Annotated[None, tyro.conf.subcommand("steps", constructor=steps)]
    | Annotated[None, tyro.conf.subcommand("suite", constructor=suite)]
    | Annotated[None, tyro.conf.subcommand("vectors", constructor=vectors)]
    | Annotated[None, tyro.conf.subcommand("frames", constructor=frames)]
    | Annotated[None, tyro.conf.subcommand("stream", constructor=stream)]
    | Annotated[None, tyro.conf.subcommand("layouts", constructor=layouts)]
    | Annotated[None, tyro.conf.subcommand("twins", constructor=twins)]
    | Annotated[None, tyro.conf.subcommand("randomization", constructor=randomization)]
    | Annotated[None, tyro.conf.subcommand("learning", constructor=learning)]
    | Annotated[None, tyro.conf.subcommand("meta", constructor=meta)]
    | Annotated[None, tyro.conf.subcommand("solved", constructor=solved)]
)


def bench(command: Annotated[Command, tyro.conf.arg(name="")]) -> None:
    """Measures speed, against raw Blender loops and against peers; and what the recipes reach."""
