"""What is said of an error in the middle of an episode: in which, so that it can be played again."""

from __future__ import annotations

from typing import Any

from blendgym.errors import BlendgymError


def locate(error: BlendgymError, seed: int, step: int) -> None:
    """Adds to an error where it happened: to its ``details``, and in a line below the traceback.

    Args:
        error: About to be raised.
        seed: Of the episode.
        step: Which was asked for, from 1.
    """
    error.details |= {"seed": seed, "step": step}
    error.add_note(
        f"It was step {step} of the episode with seed {seed}; options={{'replay': info['randomization']}}, with the "
        "info of its reset, plays it again."
    )


def error_info(error: BlendgymError, seed: int, step: int) -> dict[str, Any]:
    """The same as infos have it: ``code``, ``message``, ``seed`` and ``step``."""
    return {"code": error.code, "message": str(error), "seed": seed, "step": step}
