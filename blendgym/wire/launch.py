"""What a launcher tells a server, and what the server reports back: small files in one private folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from blendgym.files import write_whole


class LaunchOrder(msgspec.Struct, frozen=True):
    """What to serve.

    Args:
        task: The task, as ``module:Class``: its name for clients.
        entry_point: The same, as the server imports it.
        options: Keyword arguments of the task.
        endpoint: ZeroMQ address to bind.
        token: The secret that a client has to know.
        program: The Blender that serves it.
        python_version: Of the trainer, such as ``"3.11"``.
        pinned: Where the outermost packages of blendgym and of the task lie, by name: a file each, or the folders of
            a namespace.
        code_path: Folders with further code of the trainer, which any version of Python reads.
        site_path: Folders with what is installed in the trainer's Python, for a server of the same Python version.
        packages_folder: Where ``blendgym install-server`` puts packages, in a folder for every Python version.
        slots: How many episodes it holds side by side.
        processors: Those that the server keeps to; empty for all.
        keys: Folder of the keys that the server and its clients have; empty for none.
        idle_timeout: The server outlives its sessions, and one that asks nothing for so many seconds gives way to
            another client. ``None`` for a server that ends with its only session.
        window: Whether Blender's window shows the simulation.
        scene: A ``.blend`` in place of the task's own scene; for an errand without a task, that or the name of a module
            with ``build(scene)``.
        trust: Whether scripts and drivers of a ``.blend`` may run.
        errand: What to do instead of serving, one of ``blendgym.server.errands``; its answer is in the report.
        output: The file that an errand writes.
    """

    task: str
    entry_point: str
    options: dict[str, Any]
    endpoint: str
    token: str
    program: str
    python_version: str
    pinned: dict[str, list[str]]
    code_path: list[str]
    site_path: list[str]
    packages_folder: str
    slots: int = 1
    processors: tuple[int, ...] = ()
    keys: str = ""
    idle_timeout: float | None = None
    window: bool = False
    scene: str = ""
    trust: bool = False
    errand: str = ""
    output: str = ""


class LaunchReport(msgspec.Struct, frozen=True):
    """What became of it: an endpoint, the answer of an errand, or the error that prevented it.

    Args:
        endpoint: ZeroMQ address that is bound.
        code: The ``code`` of a class in ``blendgym.errors``.
        message: Its message.
        answer: Of an errand, if it has one.
    """

    endpoint: str = ""
    code: str = ""
    message: str = ""
    answer: Any = None


def write_json(path: Path, content: msgspec.Struct) -> None:
    """Writes a file so that a reader finds it whole or not at all."""
    write_whole(path, msgspec.json.encode(content))
