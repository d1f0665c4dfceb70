"""``blendgym check``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console

from blendgym.arguments import refuse_without_effect
from blendgym.keywords import parse_keywords
from blendgym.testing import (
    COMPLIANCE_CHECKS,
    CONFORMANCE_CHECKS,
    SCENARIO_CHECKS,
    Result,
    ServerUnderTest,
    TaskUnderTest,
    run_checks,
)


def check(
    subject: Annotated[str, tyro.conf.Positional], server: bool = False, keys: Path | None = None,
    options: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Checks a task with a real Blender, or a server with a client that breaks the rules. Ends with 1 if one fails.

    Args:
        subject: Id of an environment (your own as module:Id), a task or scenario as module:Class, or the address of a
            free server.
        server: Checks a server that is launched for the task, not the task itself.
        keys: Folder with the client's keys for the server at the address.
        options: Arguments of the environment and the task, as name=value.
    """
    if "://" in subject:
        refuse_without_effect(check, "with an address", server=server, options=options)
    else:
        refuse_without_effect(check, "without an address", keys=keys)
    console = Console(highlight=False, soft_wrap=True)
    count = failed = skipped = 0
    for result in _results(subject, server, keys, options):
        count, failed, skipped = count + 1, failed + bool(result.failure), skipped + bool(result.skipped)
        mark = "[red]✗[/]" if result.failure else "[dim]–[/]" if result.skipped else "[green]✓[/]"
        console.print(f"{mark} {result.seconds:6.2f} s  {result.title}")
        if result.failure or result.skipped:
            console.print(f"            {result.failure or result.skipped}", style="dim", markup=False)
    left = f"; {skipped} do not apply" if skipped else ""
    if failed:
        console.print(f"[red]{failed} of {count} checks failed{left}.[/]")
        sys.exit(1)
    console.print(f"[green]{'All ' if not skipped else ''}{count - skipped} checks passed{left}.[/]")


def _results(subject: str, server: bool, keys: Path | None, options: tuple[str, ...]) -> Iterator[Result]:
    arguments = parse_keywords(options)
    if "://" in subject:
        with ServerUnderTest(address=subject, keys=keys) as reached:
            yield from run_checks(COMPLIANCE_CHECKS, reached)
    elif server:
        with ServerUnderTest(subject, **arguments) as launched:
            yield from run_checks(COMPLIANCE_CHECKS, launched)
    else:
        with TaskUnderTest(subject, **arguments) as task:
            yield from run_checks(SCENARIO_CHECKS if task.is_scenario else CONFORMANCE_CHECKS, task)
