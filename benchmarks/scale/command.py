"""What would 10, 1,000 or 100,000 servers reach?

blendgym bench scale           # costs, how right the model is here, and what it says of many servers
blendgym bench scale -o bench  # and a CSV and a figure
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import gymnasium as gym
from rich.console import Console
from rich.table import Table

from blendgym.arguments import Count, EnvironmentId, MaybeOutputFolder, Positive
from blendgym.benchmarks.scale.cases import PIXELS, Row, carry_on, cases
from blendgym.benchmarks.scale.costs import GIGABIT, Site, StreamCosts, VectorCosts
from blendgym.benchmarks.scale.measure import (
    Place,
    fit,
    measure_byte,
    measure_images,
    measure_processors,
    measure_streams,
    measure_vectors,
)  # fmt: skip
from blendgym.benchmarks.scale.plot import plot_scale
from blendgym.benchmarks.scale.streams import simulate_stream
from blendgym.benchmarks.scale.vectors import simulate_vectors

PRINTED = (10, 1_000, 100_000)
"""The numbers of servers in the table; the CSV and the figure have those between them, too."""


class Check(NamedTuple):
    """A rate that was measured, and what the model says.

    Args:
        name: What was measured.
        measured: Per second.
        modelled: Per second.
    """

    name: str
    measured: float
    modelled: float

    @property
    def error(self) -> float:
        """Of the model, as a share of what was measured."""
        return self.modelled / self.measured - 1


class Model(NamedTuple):
    """What is known of this machine.

    Args:
        processors: How many raw loops' worth of work it does at once.
        state: Costs of environments that observe their state.
        images: Costs of environments that observe 84×84 pixels.
        stream: Costs of a stream of pictures.
        checks: How right the model is.
    """

    processors: float
    state: VectorCosts
    images: VectorCosts
    stream: StreamCosts
    checks: list[Check]


def measure(env_id: str, servers: Sequence[int], steps: int, samples: int) -> Model:
    """Measures all costs, and what a few servers reach.

    Args:
        env_id: Any environment that observes its state.
        servers: The numbers of servers that the model is held to; 1 is always among them.
        steps: Of all environments together, in each turn.
        samples: Of each stream.
    """
    counts = sorted({1, *servers})
    processors = measure_processors(env_id, steps)
    turns = measure_vectors(env_id, counts, steps)
    size = int(gym.make(env_id).observation_space.sample().nbytes)
    state = fit(turns, size)
    drawn = measure_images(env_id, steps)
    images = state._replace(slot=max(state.slot, (drawn.waited - state.request) / 4), size=PIXELS, byte=measure_byte())
    stream, taken = measure_streams(counts, samples)
    rates = {place: place[0] * place[1] / turn.seconds for place, turn in turns.items()}
    checks = [*_check_vectors(rates, state, processors), *_check_streams(taken, stream, processors)]
    return Model(processors, state, images, stream, checks)


def main(
    env_id: EnvironmentId = "BlendCartpole-v0",
    /,
    servers: tuple[Count, ...] = (1, 2, 4),
    steps: Count = 200,
    samples: Count = 100,
    gigabits: Positive = 10.0,
    output: MaybeOutputFolder = None,
) -> None:
    """Says what many servers would reach, by a simulation with costs that are measured on this machine.

    Args:
        env_id: Any environment that observes its state.
        servers: Numbers of servers on this machine that the model is held to.
        steps: Of all environments together, in each turn.
        samples: Of each stream.
        gigabits: Per second, of the link of each trainer to servers on other machines.
        output: Folder for a CSV and a figure.
    """
    model = measure(env_id, servers, steps, samples)
    rows = carry_on(cases(model.state, model.images, model.stream, gigabits * GIGABIT))
    console = Console()
    for made in (_costs(model), _checks(model.checks), _rows(rows)):
        console.print(made)
    if output:
        _save(output / "scale.csv", rows)
        plot_scale(output / "scale.png", rows, f"What many servers would reach, by the model ({gigabits:g} Gbit/s)")


def _check_vectors(rates: Mapping[Place, float], costs: VectorCosts, processors: float) -> list[Check]:
    return [
        Check(f"steps, {_servers(servers)} of {slots} slots", rate, _local(costs, servers, slots, processors))
        for (servers, slots), rate in rates.items()
    ]


def _check_streams(seconds: Mapping[int, float], costs: StreamCosts, processors: float) -> list[Check]:
    return [
        Check(f"samples, {_servers(count)}", 1 / taken, simulate_stream(costs, count, Site(processors)).rate)
        for count, taken in seconds.items()
    ]


def _local(costs: VectorCosts, servers: int, slots: int, processors: float) -> float:
    return simulate_vectors(costs, servers, slots, Site(processors)).rate


def _servers(count: int) -> str:
    return f"{count} server{'s' * (count > 1)}"


def _costs(model: Model) -> Table:
    state, images, stream = model.state, model.images, model.stream
    made = Table("", "µs", title=f"Costs; processors as good as {model.processors:.2f}")
    for name, seconds in {
        "trainer: all environments together": state.step,
        "trainer: a message to a server, and its reply": state.message,
        "trainer: an environment": state.environment,
        "trainer: an image of 84×84 out of a socket": images.size * images.byte,
        "server: a request": state.request,
        "server: a slot": state.slot,
        "server: a slot with an image": images.slot,
        "stream: a sample is made": stream.making,
        "stream: a sample is ordered and taken": stream.sample,
        "stream: the book, for each place": stream.place,
    }.items():
        made.add_row(name, f"{seconds * 1e6:,.2f}")
    return made


def _checks(checks: Sequence[Check]) -> Table:
    made = Table("on this machine", "measured/s", "model/s", "error", title="How right the model is")
    for check in checks:
        made.add_row(check.name, f"{check.measured:,.0f}", f"{check.modelled:,.0f}", f"{check.error:+.0%}")
    return made


def _rows(rows: Sequence[Row]) -> Table:
    made = Table("", "servers", "per second", "busy servers", "busiest", title="Many servers, by the model")
    panel = ""
    for row in rows:
        if row.servers not in PRINTED:
            continue
        if row.panel != panel:
            panel = row.panel
            made.add_section()
            made.add_row(f"[bold]{panel}[/bold]")
        made.add_row(
            row.name, f"{row.servers:,}", f"{row.reached.rate:,.0f}", f"{row.reached.servers:.0%}", row.reached.busiest
        )
    return made


def _save(file: Path, rows: Sequence[Row]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(
            ["counted", "case", "servers", "rate [1/s]", "trainer busy", "network busy", "servers busy", "busiest"]
        )
        for row in rows:
            rate, trainer, link, servers = row.reached
            writer.writerow(
                [row.panel, row.name, row.servers, f"{rate:.1f}", f"{trainer:.4f}", f"{link:.4f}", f"{servers:.6f}",
                 row.reached.busiest]
            )  # fmt: skip
