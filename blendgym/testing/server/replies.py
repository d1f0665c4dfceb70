"""What is expected of replies."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from blendgym.errors import BlendgymError, CheckFailed
from blendgym.testing.checks import require
from blendgym.testing.rollouts import Row
from blendgym.wire import messages

Kind = TypeVar("Kind", bound=messages.Reply)
Errors = type[BlendgymError] | tuple[type[BlendgymError], ...]
"""Any of these is right."""


def expect(kind: type[Kind], reply: messages.Reply, what: str) -> Kind:
    """A reply that is of some kind.

    Args:
        kind: Which.
        reply: Any.
        what: Was asked, for the message.

    Raises:
        CheckFailed: If it is of another kind.
    """
    if isinstance(reply, kind):
        return reply
    said = f": {reply.fault.code}: {reply.fault.message}" if isinstance(reply, messages.Failure) else "."
    raise CheckFailed(f"{what} should be answered with {kind.__name__}, but is with {type(reply).__name__}{said}")


def require_refusal(reply: messages.Reply, errors: Errors, what: str) -> None:
    """Fails unless a request was refused.

    Args:
        reply: To the request.
        errors: One of them is expected, by its code.
        what: Was asked, for the message.

    Raises:
        CheckFailed: If it was answered otherwise, with another code, or without a message.
    """
    fault = expect(messages.Failure, reply, what).fault
    codes = [error.code for error in (errors if isinstance(errors, tuple) else (errors,))]
    require(
        fault.code in codes,
        f"{what} should be refused with the code {' or '.join(codes)}, but is with {fault.code}: {fault.message}",
    )
    require(bool(fault.message), f"{what} is refused without a message; say what was expected and what came.")


def row_of(reply: messages.Began | messages.Stepped) -> Row:
    """What came of a reset or step in all slots, for comparison."""
    if isinstance(reply, messages.Began):
        return Row(reply.observations)
    return Row(
        {
            "observations": reply.observations,
            "rewards": np.array(reply.rewards),
            "terminated": np.array(reply.terminated),
            "successes": np.array(reply.successes),
        }
    )
