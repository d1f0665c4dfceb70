"""``blendgym install-server``."""

from __future__ import annotations

from typing import Annotated

import tyro
from rich.console import Console

from blendgym.client.process.blender import find_blender
from blendgym.client.process.packages import inspect, install


def install_server(blender: Annotated[str, tyro.conf.Positional]) -> None:
    """Installs what the server needs for the Python of a Blender: msgspec, numpy, pyzmq, Pillow.

    A Python with bpy takes them itself. A Blender executable is left as it is: they go into a folder of this user, one
    for each version of Python, in which blendgym looks when that Blender is used.

    Args:
        blender: A Blender executable, or a Python that has bpy.
    """
    console = Console(soft_wrap=True, highlight=False)
    found = find_blender(blender)
    with console.status(f"Looking into {found.program} …"):
        inventory = inspect(found)
    when = "already"
    if inventory.lacking:
        with console.status(f"Installing {', '.join(inventory.lacking)} …"):
            inventory, when = install(found, inventory), "now"
    console.print(f"{found.program} (Python {inventory.python}) has all that the server needs {when}:")
    for name, module in inventory.modules.items():
        if module:
            console.print(f"  {name:<8} {module.version:<8} {module.file}")
