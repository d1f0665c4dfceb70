"""How long until the first observation? Each figure is the median of fresh processes.

python -m blendgym.benchmarks.startup
"""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys

import tyro
from rich.console import Console
from rich.progress import track
from rich.table import Table

STAGES = {
    "import gymnasium": "import gymnasium",
    "import blendgym": "import blendgym",
    "gym.make to first observation": "env = gymnasium.make('BlendCartpole-v0'); env.reset()",
    "the same with rgb_array": (
        "env.close(); env = gymnasium.make('BlendCartpole-v0', render_mode='rgb_array'); env.reset(); env.render()"
    ),
}


def main(runs: int = 5) -> None:
    """Measures import and launch times.

    Args:
        runs: Fresh processes to take the median of.
    """
    seconds: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for _ in track(range(runs), description=f"{runs} fresh processes"):
        for stage, taken in zip(STAGES, _measure_once(), strict=True):
            seconds[stage].append(taken)
    table = Table("", "median", "slowest")
    for stage, values in seconds.items():
        table.add_row(stage, f"{statistics.median(values):.2f} s", f"{max(values):.2f} s")
    Console().print(table)


def _measure_once() -> list[float]:
    lines = ["import time", "times = [time.perf_counter()]"]
    for code in STAGES.values():
        lines += [code, "times.append(time.perf_counter())"]
    lines += ["env.close()", "print(*times)"]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    times = [float(word) for word in done.stdout.split()]
    return [after - before for before, after in itertools.pairwise(times)]


if __name__ == "__main__":
    tyro.cli(main)
