"""Every contest in one run, for the documents.

blendgym bench all               # tables
blendgym bench all --checkout .  # and into the documents of a checkout, with the history of the figures
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import tyro
from rich.console import Console
from rich.markdown import Markdown

from blendgym.arguments import Count, ExistingFolder
from blendgym.benchmarks.contest import Seconds
from blendgym.benchmarks.whole.contests import CONTESTS, ENV_ID, ContestName, detailed, summarized
from blendgym.benchmarks.whole.documents import write_tables
from blendgym.benchmarks.whole.history import append, plot
from blendgym.benchmarks.whole.machine import Machine, this_machine
from blendgym.client.env import BlendEnv
from blendgym.errors import InvalidOption
from blendgym.registry import environment_spec

DOCUMENTS = ("README.md", "docs/speed.md")
HISTORY, PICTURE = "docs/speed_history.csv", "docs/images/speed_history.png"


def main(
    contests: tyro.conf.Positional[tuple[ContestName, ...]] = (),
    rounds: Count | None = None,
    checkout: ExistingFolder | None = None,
) -> None:
    """Measures everything that the documents have tables of, in one run.

    Args:
        contests: Which; by default all.
        rounds: How often contestants take turns; by default as often as each contest needs.
        checkout: Folder of a checkout of blendgym: README.md and docs/speed.md get the tables, docs/speed_history.csv
            the figures, and docs/images/speed_history.png shows how they have changed. For all contests only.

    Raises:
        InvalidOption: If only some contests are to be kept.
    """
    if contests and checkout:
        raise InvalidOption("--checkout keeps figures of one run of all contests; leave out their names.")
    time, machine = datetime.now(UTC).replace(tzinfo=None), this_machine(_blender())
    chosen: tuple[ContestName, ...] = contests or tuple(CONTESTS)
    measured: dict[ContestName, Seconds] = {
        name: CONTESTS[name].measure(rounds or CONTESTS[name].rounds) for name in chosen
    }
    tables: dict[str, str] = {name: detailed(CONTESTS[name], seconds) for name, seconds in measured.items()}
    tables |= {"summary": summarized(measured), "machine": f"Measured on {time:%Y-%m-%d}: {machine}."}
    Console().print(Markdown("\n\n".join(tables.values())))
    if checkout:
        keep(checkout, tables, time, machine, measured)


def keep(
    checkout: Path, tables: Mapping[str, str], time: datetime, machine: Machine, measured: Mapping[ContestName, Seconds]
) -> None:
    """Writes tables and figures into a checkout.

    Args:
        checkout: Its folder.
        tables: By the name of their place in documents.
        time: When they were measured.
        machine: What on.
        measured: Seconds by contest.
    """
    for name in DOCUMENTS:
        write_tables(checkout / name, tables)
    append(checkout / HISTORY, time, machine, measured)
    plot(checkout / HISTORY, checkout / PICTURE)


def _blender() -> str:
    env = BlendEnv(environment_spec(ENV_ID).kwargs["task"])
    try:
        return env.welcome.blender
    finally:
        env.close()
