"""``blendgym evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console


def evaluate(run: Annotated[Path, tyro.conf.Positional], /, episodes: int = 100, video: bool = False) -> None:
    """Evaluates a trained policy on fresh episodes.

    Args:
        run: The run folder that `blendgym train` made.
        episodes: How many to play.
        video: Records another one as a video.
    """
    from blendgym.agents.evaluation import evaluate as evaluate_run
    from blendgym.agents.evaluation import record_video
    from blendgym.agents.run_folder import RunFolder

    console, folder = Console(), RunFolder.existing(run)
    result = evaluate_run(folder, episodes)
    verdict = "solved" if result["solved"] else "not solved"
    console.print(
        f"Return {result['mean_return']:.1f} ± {result['standard_deviation']:.1f} over {episodes} episodes: "
        f"{verdict} (threshold {result['reward_threshold']})."
    )
    if video:
        console.print(f"Video: {record_video(folder)}", soft_wrap=True)
