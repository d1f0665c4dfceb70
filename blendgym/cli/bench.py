"""``blendgym bench``."""

from __future__ import annotations

from pathlib import Path


def bench(env_id: str = "BlendCartpole-v0", rounds: int = 30, steps: int = 500, output: Path | None = None) -> None:
    """Measures the steps per second of a remote environment against a raw Blender loop, in one run.

    Args:
        env_id: A state environment.
        rounds: How often raw loop, remote environment and bare round trip take turns.
        steps: In one turn.
        output: Folder for a CSV and a chart.
    """
    from blendgym.benchmarks import step_rate

    step_rate.main(env_id, rounds, steps, output)
