"""``blendgym bench``."""

from __future__ import annotations

from pathlib import Path


def bench(
    env_id: str = "BlendCartpole-v0",
    rounds: int = 30,
    steps: int = 500,
    output: Path | None = None,
    blendtorch: Path | None = None,
) -> None:
    """Measures the steps per second of a remote environment against a raw Blender loop, in one run.

    Args:
        env_id: A state environment.
        rounds: How often the contestants take turns.
        steps: Steps in one turn.
        output: Folder for a CSV and a chart.
        blendtorch: A checkout of blendtorch, whose own cart-pole then takes part. It needs Blender 3.4 or older on the
            PATH, and PyOpenGL and minexr in this Python.
    """
    from blendgym.benchmarks import step_rate

    step_rate.main(env_id, rounds, steps, output, blendtorch)
