"""What a check is, and how many of them are run one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar
from unittest import SkipTest

from blendgym.errors import CheckFailed

Subject = TypeVar("Subject")


class Result(NamedTuple):
    """What became of one check.

    Args:
        title: What was checked.
        seconds: How long that took.
        failure: Why it failed; empty if it did not.
        skipped: Why it does not apply here; empty if it does.
    """

    title: str
    seconds: float
    failure: str = ""
    skipped: str = ""


def run_checks(checks: Iterable[Callable[[Subject], None]], subject: Subject) -> Iterator[Result]:
    """Runs checks, whatever comes of them.

    Args:
        checks: Such as ``CONFORMANCE_CHECKS``.
        subject: What they are for.

    Yields:
        The result of each, as soon as it is known.
    """
    for check in checks:
        start = time.monotonic()
        outcome = _outcome(check, subject)
        yield Result(title(check), time.monotonic() - start, **outcome)


def title(check: Callable[..., Any]) -> str:
    """What a check says, in words."""
    return check.__name__.removeprefix("check_").replace("_", " ")


def require(holds: bool, message: str) -> None:
    """Fails unless something holds.

    Args:
        holds: Whether it does.
        message: What was expected, what came, and what to do.

    Raises:
        CheckFailed: If it does not.
    """
    if not holds:
        raise CheckFailed(message)


def _outcome(check: Callable[[Subject], None], subject: Subject) -> dict[str, str]:
    try:
        check(subject)
    except SkipTest as reason:
        return {"skipped": str(reason)}
    except CheckFailed as error:
        return {"failure": str(error)}
    except Exception as error:  # What is checked may raise anything.
        return {"failure": f"{type(error).__name__}: {error}"}
    return {}
