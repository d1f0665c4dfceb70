"""``blendgym list``."""

from __future__ import annotations

import gymnasium as gym
from rich.console import Console
from rich.table import Column, Table

from blendgym.registry import META_ID, rooms
from blendgym.spaces import Bound, Box, Space
from blendgym.task import make_task


def list_environments() -> None:
    """Shows every environment with its spaces, and its randomization parameters with bounds and units."""
    console = Console(highlight=False)
    for env_id, room in rooms().items():
        task = make_task(room.entry_point, {})
        spec = gym.spec(env_id)
        console.print(f"\n[bold]{env_id}[/]  {(type(task).__doc__ or '').splitlines()[0]}")
        console.print(f"  action       {_described(task.action_space)}")
        console.print(f"  observation  {_described(task.observation_space)}")
        console.print(
            f"  {task.control_rate:g} Hz, at most {spec.max_episode_steps} steps, solved at {spec.reward_threshold}"
        )
        names = [Column(name, no_wrap=True) for name in ("parameter", "group", "unit", "nominal", "low", "high")]
        table = Table(*names, "meaning", box=None, padding=(0, 1))
        for name, parameter in task.parameters.items():
            numbers = (f"{value:g}" for value in (parameter.nominal, parameter.low, parameter.high))
            table.add_row(name, parameter.group, parameter.unit, *numbers, parameter.description)
        console.print(table)
    twins = ", ".join(room.twin_id for room in rooms().values() if room.twin)
    console.print(f"\nThe same without Blender, as NumPy twins: {twins}")
    console.print(f"Its actions are randomization parameters: {META_ID}")


def _described(space: Space) -> str:
    """A space with its bounds in few digits."""
    if not isinstance(space, Box):
        return f"Discrete({space.n})"
    return f"Box({_rounded(space.low)}, {_rounded(space.high)}, {space.shape}, {space.dtype})"


def _rounded(bound: Bound) -> str:
    if isinstance(bound, tuple):
        return f"({', '.join(map(_rounded, bound))})"
    return f"{bound:.4g}"
