"""``blendgym bench``."""

from __future__ import annotations

from blendgym.benchmarks.anatomy.command import main as anatomy
from blendgym.benchmarks.frame_rate import main as frames
from blendgym.benchmarks.layout_rate import main as layouts
from blendgym.benchmarks.learning_race import main as learning
from blendgym.benchmarks.meta_rate import main as meta
from blendgym.benchmarks.randomization_rate import main as randomization
from blendgym.benchmarks.scale.command import main as scale
from blendgym.benchmarks.solved import main as solved
from blendgym.benchmarks.step_rate import main as steps
from blendgym.benchmarks.stream_rate import main as stream
from blendgym.benchmarks.suite import main as suite
from blendgym.benchmarks.twin_rate import main as twins
from blendgym.benchmarks.vector_rate import main as vectors
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
        "solved": solved,
        "all": whole,
    },
)
