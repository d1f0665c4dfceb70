"""``blendgym keys``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console
from rich.table import Table

from blendgym.wire.transport.keys import CLIENT_SECRET, CLIENTS, SERVER_PUBLIC, SERVER_SECRET, make_keys

WHERE = (
    ("trainer", SERVER_PUBLIC, "how the client recognizes the server"),
    ("trainer", CLIENT_SECRET, "secret: what the client is let in by"),
    ("server", SERVER_SECRET, "secret: what the server is recognized by"),
    ("server", f"{CLIENTS}/", "public keys of all who are let in"),
)


def keys(folder: Annotated[Path, tyro.conf.Positional, tyro.conf.arg(metavar="DIR")]) -> None:
    """Makes the key files that let a trainer and a server trust each other over a network.

    Args:
        folder: Where to put them; it must not exist yet.
    """
    make_keys(folder)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Keys are in {folder}. Each machine needs its half of them, in a folder that only you can read:")
    table = Table("machine", "file", "", box=None, padding=(0, 2))
    for row in WHERE:
        table.add_row(*row)
    console.print(table)
    console.print("On the server:  blendgym serve ID --bind tcp://0.0.0.0:5555 --keys DIR")
    console.print('In the trainer: gym.make(ID, address="tcp://SERVER:5555", keys="DIR")', markup=False)
