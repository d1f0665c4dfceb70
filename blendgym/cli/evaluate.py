"""``blendgym evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import tyro
from rich.console import Console

from blendgym.arguments import Count, MaybeFile, refuse_without_effect


def evaluate(
    run: Annotated[Path, tyro.conf.Positional],
    /,
    episodes: Count = 100,
    video: MaybeFile = None,
    width: Count = 640,
    height: Count = 360,
) -> None:
    """Evaluates a trained policy on fresh episodes: return, successes, and score from 0 to 1.

    Args:
        run: The run folder that `blendgym train` made.
        episodes: How many to play.
        video: Records another one into this file: an .mp4, .webp or .gif.
        width: Of the video, in pixels.
        height: Of the video, in pixels.
    """
    if not video:
        refuse_without_effect(evaluate, "without --video", width=width, height=height)
    from blendgym.agents.evaluation import judge, record_video, write_result
    from blendgym.agents.run_folder import RunFolder
    from blendgym.agents.videos import stride_of

    if video:
        stride_of(video, rate=1.0)  # Before the episodes are played: they take minutes.
    console, folder = Console(), RunFolder.existing(run)
    result = judge(folder, episodes)
    returns = f"{result['mean_return']:.4g} ± {result['standard_deviation']:.2g}"
    console.print(f"Return {returns} over {episodes} episodes: {_verdict(result)}.")
    score = "" if result["mean_score"] is None else f", score {result['mean_score']:.3f}"
    console.print(f"Success in {result['success_rate']:.0%} of them{score}.")
    write_result(folder, result)
    if video:
        console.print(f"Video: {record_video(folder, video, width, height)}", soft_wrap=True)


def _verdict(result: dict[str, Any]) -> str:
    if result["reward_threshold"] is None:
        return "no threshold says from which on it is solved"
    return f"{'solved' if result['solved'] else 'not solved'} (threshold {result['reward_threshold']})"
