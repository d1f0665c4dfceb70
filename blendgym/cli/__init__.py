"""The command line; ``COMMANDS`` lists it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from gymnasium.error import DependencyNotInstalled
from gymnasium.error import Error as GymnasiumError
from rich.console import Console

from blendgym.cli.addon import addon
from blendgym.cli.bench import bench
from blendgym.cli.check import check
from blendgym.cli.demo import demo
from blendgym.cli.doctor import doctor
from blendgym.cli.dr import dr
from blendgym.cli.evaluate import evaluate
from blendgym.cli.export import export
from blendgym.cli.export_scene import export_scene
from blendgym.cli.extras import advice_for
from blendgym.cli.inspect import inspect
from blendgym.cli.install_server import install_server
from blendgym.cli.keys import keys
from blendgym.cli.list import list_environments
from blendgym.cli.new import new
from blendgym.cli.parsing import Command, Group, parse
from blendgym.cli.play import play
from blendgym.cli.record import record
from blendgym.cli.render import render
from blendgym.cli.serve import serve
from blendgym.cli.soak import soak
from blendgym.cli.stats import stats
from blendgym.cli.study import study
from blendgym.cli.terminal import accept_any_terminal, drop
from blendgym.cli.train import train
from blendgym.cli.view import view
from blendgym.client.process.modules import SITE_FOLDERS
from blendgym.errors import BlendgymError, ExtraMissing
from blendgym.version import __version__

DESCRIPTION = "Environments that Blender simulates and renders. `blendgym --version` says which version this is."

COMMANDS: dict[str, Command | Group] = {
    "list": list_environments,
    "new": new,
    "doctor": doctor,
    "install-server": install_server,
    "train": train,
    "evaluate": evaluate,
    "demo": demo,
    "dr": dr,
    "study": study,
    "render": render,
    "record": record,
    "play": play,
    "serve": serve,
    "keys": keys,
    "check": check,
    "inspect": inspect,
    "view": view,
    "stats": stats,
    "export-scene": export_scene,
    "addon": addon,
    "export": export,
    "bench": bench,
    "soak": soak,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command. What is wrong with its input, its machine or its packages ends it with a line and exit code 1.

    SIGTERM, by which schedulers of clusters and containers ask for an end, is as good as Ctrl-C: what a command has
    done so far is kept, and said. The exit code is 143 then, and 130 after Ctrl-C, as shells have it.
    """
    typed = sys.argv[1:] if arguments is None else arguments
    accept_any_terminal()
    if [*typed] == ["--version"]:
        print(f"blendgym {__version__}")
        return
    signal.signal(signal.SIGTERM, _terminate)
    _find_own_modules()
    try:
        parse(COMMANDS, typed, DESCRIPTION)()
        sys.stdout.flush()
    except (BlendgymError, GymnasiumError, ImportError, OSError) as error:
        _fail(_line_about(error), error)
    except KeyboardInterrupt as interrupt:
        _show_notes(interrupt)
        sys.exit(128 + (signal.SIGTERM if isinstance(interrupt, _Terminated) else signal.SIGINT))


class _Terminated(KeyboardInterrupt):
    """SIGTERM has come."""


def _terminate(*_: object) -> NoReturn:
    raise _Terminated


def _find_own_modules() -> None:
    """Adds the current folder, where one's own environments are: behind Python's modules, before those of packages."""
    installed = [place for place, path in enumerate(sys.path) if SITE_FOLDERS.intersection(Path(path).parts)]
    sys.path.insert(min(installed, default=len(sys.path)), str(Path.cwd()))


def _line_about(error: Exception) -> str:
    """What a person is told about an error.

    Raises:
        ImportError: The same, if it is not that an extra is not installed: then it is a fault of the program.
    """
    if isinstance(error, ExtraMissing):
        return str(error)
    if isinstance(error, ImportError | DependencyNotInstalled):
        advice = advice_for(error)
        if advice is None:
            raise error
        return advice
    if isinstance(error, OSError):
        return f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    return f"{type(error).__name__}: {error}"


def _fail(message: str, error: Exception) -> NoReturn:
    if isinstance(error, BrokenPipeError):  # Whoever reads has read enough.
        drop(sys.stdout)
        sys.exit(128 + signal.SIGPIPE)
    Console(stderr=True, soft_wrap=True).print(message, style="red", markup=False)
    _show_notes(error)
    if isinstance(error, OSError):
        drop(sys.stdout)  # It may be what is full.
    sys.exit(1)


def _show_notes(error: BaseException) -> None:
    """Says what was kept of the work that an error or an interruption has ended."""
    for note in getattr(error, "__notes__", ()):
        Console(stderr=True, soft_wrap=True, highlight=False).print(note, markup=False)
