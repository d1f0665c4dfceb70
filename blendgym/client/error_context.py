"""What is said of an error in an episode: in which, so that it can be played again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from blendgym.errors import BlendgymError


def locate(error: BlendgymError, seed: int, step: int, environments: Sequence[int] = ()) -> None:
    """Adds to an error where it happened: to its ``details``, and in a line below the traceback.

    Args:
        error: About to be raised.
        seed: Of the episode.
        step: Which was asked for, from 1; 0 for the beginning of the episode.
        environments: Among many, the number of the one with this episode, and of the others that failed with it.
    """
    error.details |= {"seed": seed, "step": step}
    moment = f"step {step}" if step else "the beginning"
    among, record = "", "env.unwrapped.randomization"
    if environments:
        first, *others = environments
        error.details["environment"] = first
        among, record = f" in environment {first}", f"envs.unwrapped.slots[{first}].randomization"
        among += f" (its server had {', '.join(map(str, others))}, too)" if others else ""
    error.add_note(
        f"It was {moment} of the episode with seed {seed}{among}; options={{'replay': {record}}} of reset() plays it "
        "again."
    )


def error_info(error: BlendgymError, seed: int, step: int) -> dict[str, Any]:
    """The same as infos have it: ``code``, ``message``, ``seed`` and ``step``."""
    return {"code": error.code, "message": str(error), "seed": seed, "step": step}
