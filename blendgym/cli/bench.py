"""``blendgym bench``."""

from __future__ import annotations

from blendgym.benchmarks.anatomy.command import main as anatomy
from blendgym.benchmarks.frames.frame_rate import main as frames
from blendgym.benchmarks.layouts.layout_rate import main as layouts
from blendgym.benchmarks.learning.learning_race import main as learning
from blendgym.benchmarks.learning.meta_rate import main as meta
from blendgym.benchmarks.learning.pass_rates import main as pass_rates
from blendgym.benchmarks.learning.solved import main as solved
from blendgym.benchmarks.scale.command import main as scale
from blendgym.benchmarks.steps.randomization_rate import main as randomization
from blendgym.benchmarks.steps.step_rate import main as steps
from blendgym.benchmarks.steps.vector_rate import main as vectors
from blendgym.benchmarks.streams.stream_rate import main as stream
from blendgym.benchmarks.suite.suite import main as suite
from blendgym.benchmarks.twins.twin_rate import main as twins
from blendgym.benchmarks.whole.command import main as whole
from blendgym.cli.parsing import Group

bench = Group(
    "Measures speed, against raw Blender loops and against peers; and what the recipes reach.",
    {
        "steps": steps,
        "anatomy": anatomy,
        "suite": suite,
        "vectors": vectors,
        "scale": scale,
        "frames": frames,
        "stream": stream,
        "layouts": layouts,
        "twins": twins,
        "randomization": randomization,
        "learning": learning,
        "meta": meta,
        "pass-rates": pass_rates,
        "solved": solved,
        "all": whole,
    },
)
