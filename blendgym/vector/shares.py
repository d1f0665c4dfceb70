"""How environments are dealt out to servers, and what each server has to do in a step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from blendgym.client.host import Host
from blendgym.vector.batch import Rows


class Share(NamedTuple):
    """What one server has to do in a step.

    Args:
        host: Keeps the server.
        first: The environment in its slot 0.
        due: Environments whose next episode begins.
        rows: Environments that are stepped.
        slots: The same, as the server counts them.
    """

    host: Host
    first: int
    due: list[int]
    rows: Rows
    slots: tuple[int, ...]


def deal(num_envs: int, num_servers: int) -> list[range]:
    """The environments of each server, in their order, as evenly as can be."""
    ends = [num_envs * number // num_servers for number in range(num_servers + 1)]
    return [range(first, end) for first, end in pairwise(ends)]


def everything(hosts: Sequence[Host], dealt: Sequence[range]) -> list[Share]:
    """What servers have to do in a step in which no episode begins."""
    return [
        Share(host, rows.start, [], slice(rows.start, rows.stop), tuple(range(len(rows))))
        for host, rows in zip(hosts, dealt, strict=True)
    ]


def divided(everyone: list[Share], over: Sequence[int]) -> list[Share]:
    """What servers have to do when some episodes are over; those that only step come first."""
    if not over:
        return everyone
    shares = []
    for share in everyone:
        due = [row for row in over if row - share.first in share.slots]
        slots = tuple(slot for slot in share.slots if share.first + slot not in due)
        shares.append(share._replace(due=due, rows=[share.first + slot for slot in slots], slots=slots))
    return sorted(shares, key=lambda share: bool(share.due))
