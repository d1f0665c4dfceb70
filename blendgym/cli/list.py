"""``blendgym list``."""

from __future__ import annotations

import gymnasium as gym
from rich.console import Console
from rich.table import Column, Table

from blendgym.client.spaces import gymnasium_space
from blendgym.envs import ENVIRONMENTS
from blendgym.task import make_task


def list_environments() -> None:
    """Shows every environment with its spaces, and its randomization parameters with bounds and units."""
    console = Console()
    for env_id, entry in ENVIRONMENTS.items():
        task = make_task(entry["task"], {})
        spec = gym.spec(env_id)
        console.print(f"\n[bold]{env_id}[/]  {(type(task).__doc__ or '').splitlines()[0]}")
        console.print(f"  action       {gymnasium_space(task.action_space)}")
        console.print(f"  observation  {gymnasium_space(task.observation_space)}")
        console.print(
            f"  {task.control_rate:g} Hz, at most {spec.max_episode_steps} steps, solved at {spec.reward_threshold}"
        )
        names = [Column(name, no_wrap=True) for name in ("parameter", "group", "unit", "nominal", "low", "high")]
        table = Table(*names, "meaning", box=None, padding=(0, 1))
        for name, parameter in task.parameters.items():
            numbers = (f"{value:g}" for value in (parameter.nominal, parameter.low, parameter.high))
            table.add_row(name, parameter.group, parameter.unit, *numbers, parameter.description)
        console.print(table)
