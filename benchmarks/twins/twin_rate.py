"""How many steps a second do NumPy twins make, against Gymnasium's own vectorized cart-pole?

blendgym bench twins           # a table
blendgym bench twins -o bench  # and a CSV of every round, and a chart
"""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from blendgym.arguments import Count, MaybeOutputFolder
from blendgym.benchmarks.contest import Child, Seconds, close_teams, compete, save, table, teams
from blendgym.registry import rooms

STEPPER_SCRIPT = Path(__file__).with_name("twin_steps.py")
PEER = "CartPole-v1"


def measure(batch: int, processes: int, rounds: int, steps: int) -> Seconds:
    """Seconds per step of one environment, of every round.

    Args:
        batch: Environments of each process.
        processes: That share the steps.
        rounds: How often the contestants take turns.
        steps: Of single environments, in one turn.

    Returns:
        Gymnasium's cart-pole, and every twin with its dynamics randomized, and with latency and noise as well, by name.
    """
    title = f"{processes} × {batch} environments"
    contestants = {f"Gymnasium's {PEER}": [PEER]}
    for env_id in (room.id for room in rooms().values() if room.twin):
        contestants[f"{env_id}, dynamics"] = [env_id, "dynamics"]
        contestants[f"{env_id}, latency and noise too"] = [env_id, "dynamics", "actuator", "sensor"]
    children = {
        name: [Child(STEPPER_SCRIPT, chosen, str(batch), *groups) for _ in range(processes)]
        for name, (chosen, *groups) in contestants.items()
    }
    try:
        return compete(teams(children), rounds, steps, title)
    finally:
        close_teams(children)


def main(
    batch: Count = 4096,
    processes: Count = 2,
    rounds: Count = 12,
    steps: Count = 2_000_000,
    output: MaybeOutputFolder = None,
) -> None:
    """Measures the steps per second of NumPy twins against Gymnasium's vectorized cart-pole, in one run.

    Episodes that end are followed by others with new parameters, uniform over their priors.

    Args:
        batch: Environments of each process.
        processes: How many share the steps, each on a processor core.
        rounds: How often the contestants take turns.
        steps: Steps of single environments in one turn.
        output: Folder for a CSV and a chart.
    """
    title = f"NumPy twins, {processes} processes of {batch} environments"
    seconds = measure(batch, processes, rounds, steps)
    Console().print(table(seconds, title))
    if output:
        save(output, "twin_rate", seconds, title)
