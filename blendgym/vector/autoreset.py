"""Gymnasium's autoreset modes: when an environment among many whose episode is over begins the next one."""

from __future__ import annotations

from collections.abc import Sequence

from gymnasium.vector import AutoresetMode

from blendgym.checks import check_choice
from blendgym.errors import ResetNeeded


def read_autoreset_mode(given: str | AutoresetMode) -> AutoresetMode:
    """The mode, by itself or by its name.

    Raises:
        InvalidOption: If there is none of that name.
    """
    if not isinstance(given, AutoresetMode):
        check_choice("autoreset_mode", given, [mode.value for mode in AutoresetMode])
    return AutoresetMode(given)


def check_over(over: Sequence[int], mode: AutoresetMode) -> None:
    """Sees to it that the episodes which are over will be followed by others in the next step.

    Args:
        over: Environments whose episodes are over.
        mode: Theirs.

    Raises:
        ResetNeeded: If there are any, and it is for the caller to reset them (``DISABLED``).
    """
    if over and mode is AutoresetMode.DISABLED:
        raise ResetNeeded(
            f"step() was called after the end of the episodes of environments {list(over)}; with the autoreset mode "
            "DISABLED, reset them: reset(options={'reset_mask': terminations | truncations})."
        )
