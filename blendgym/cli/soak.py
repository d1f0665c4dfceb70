"""``blendgym soak``."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console

from blendgym.arguments import Count, EnvironmentId, NotNegative, OutputFolder, Positive
from blendgym.benchmarks.soaking.soak import Soak, memory_slope, plot


def soak(
    env_id: EnvironmentId = "BlendCartpole-v0", /, minutes: Positive = 30.0, obs_type: str = "state_rgb",
    num_envs: Count = 8, num_servers: Count = 2, kills_per_minute: NotNegative = 4.0,
    max_steps_per_server: Count = 5_000, max_rss: Count = 2_000, output: OutputFolder = Path("runs"),
) -> None:  # fmt: skip
    """Uses environments for a long time, breaks their servers all the while, and watches throughput and memory.

    Ctrl-C or SIGTERM ends it early, with all that it shows at the end.

    Args:
        env_id: Id of the environments.
        minutes: How long it runs.
        obs_type: What they observe, such as "state" or "state_rgb".
        num_envs: How many environments.
        num_servers: How many Blender processes they share.
        kills_per_minute: How often a server is killed, crashed or stopped, on average; 0 for never.
        max_steps_per_server: After how many steps a server is replaced.
        max_rss: Above how much resident memory, in MiB, it is replaced, too.
        output: Where a folder with a CSV and a plot is made.
    """
    console = Console(highlight=False, soft_wrap=True)
    folder = output / f"soak_{time.strftime('%Y-%m-%d_%H-%M-%S')}"
    run = Soak(
        env_id, num_envs, num_servers, kills_per_minute, obs_type=obs_type, max_steps_per_server=max_steps_per_server,
        max_rss=max_rss,
    )  # fmt: skip
    try:
        run.run(minutes, folder / "soak.csv")
    except KeyboardInterrupt:
        console.print("Ended early.")
    if not run.samples:
        console.print("Nothing was measured.")
        return
    plot(run.samples, folder / "soak.png", f"{num_envs} × {env_id}, {obs_type}, on {num_servers} servers")
    last = run.samples[-1]
    console.print(
        f"{last.steps:,} steps in {last.seconds / 60:.1f} minutes, {last.steps / last.seconds:,.0f} per second. "
        f"{last.launches} servers were launched, {last.kills} of them broken on purpose; {last.truncations} episodes "
        f"were truncated.\nThe trainer's memory is {last.trainer_mib:,.0f} MiB; it grew by "
        f"{memory_slope(run.samples):+.1f} MiB per hour after the first fifth. Servers have "
        f"{last.servers_mib / max(1, last.servers):,.0f} MiB each.\n  {folder / 'soak.csv'}\n  {folder / 'soak.png'}",
    )
