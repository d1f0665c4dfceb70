"""``blendgym demo``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from rich.console import Console

from blendgym.arguments import Count, OutputFolder


def demo(output: OutputFolder = Path("runs"), episodes: Count = 100) -> None:
    """Checks the machine, trains the cart-pole, evaluates it and records a video. Ends with 1 if it is not solved.

    Args:
        output: Where the run folder is made.
        episodes: How many to evaluate the policy on.
    """
    from blendgym.agents.evaluation import evaluate, record_video
    from blendgym.agents.recipes import recipe_for
    from blendgym.agents.training import train
    from blendgym.cli.doctor import doctor

    console = Console()
    doctor(quick=True)
    start = time.monotonic()
    folder = train("BlendCartpole-v0", recipe_for("BlendCartpole-v0"), seed=0, root=output)
    minutes = (time.monotonic() - start) / 60
    result = evaluate(folder, episodes)
    console.print(
        f"\nTrained for {minutes:.1f} minutes. Return {result['mean_return']:.1f} ± {result['standard_deviation']:.1f} "
        f"of 500 over {episodes} fresh episodes; solved is {result['reward_threshold']:.0f}."
    )
    video = record_video(folder)
    for what, path in (("learning curve", folder.learning_curve), ("video", video), ("model", folder.model)):
        console.print(f"  {what:<15}{path}", soft_wrap=True)
    if not result["solved"]:
        sys.exit(1)
