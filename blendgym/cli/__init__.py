"""The command line; ``COMMANDS`` lists it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import tyro
from gymnasium.error import DependencyNotInstalled
from rich.console import Console

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
from blendgym.cli.play import play
from blendgym.cli.record import record
from blendgym.cli.render import render
from blendgym.cli.serve import serve
from blendgym.cli.soak import soak
from blendgym.cli.stats import stats
from blendgym.cli.study import study
from blendgym.cli.train import train
from blendgym.cli.view import view
from blendgym.client.process.modules import SITE_FOLDERS
from blendgym.errors import BlendgymError

COMMANDS: dict[str, Callable[..., None]] = {
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
    "export": export,
    "bench": bench,
    "soak": soak,
}


def main(arguments: list[str] | None = None) -> None:
    """Runs a command. An error of blendgym, or a missing package of an extra, ends it with a line and exit code 1.

    SIGTERM, by which schedulers of clusters and containers ask for an end, is as good as Ctrl-C: what a command has
    done so far is kept. The exit code is 143 then, and 130 after Ctrl-C, as shells have it.
    """
    signal.signal(signal.SIGTERM, _terminate)
    _find_own_modules()
    try:
        tyro.extras.subcommand_cli_from_dict(
            COMMANDS, prog="blendgym", description="Environments that Blender simulates and renders.", args=arguments
        )
    except BlendgymError as error:
        _fail(f"{type(error).__name__}: {error}")
    except (ImportError, DependencyNotInstalled) as error:
        advice = advice_for(error)
        if advice is None:
            raise
        _fail(advice)
    except KeyboardInterrupt as interrupt:
        sys.exit(128 + (signal.SIGTERM if isinstance(interrupt, _Terminated) else signal.SIGINT))


class _Terminated(KeyboardInterrupt):
    """SIGTERM has come."""


def _terminate(*_: object) -> NoReturn:
    raise _Terminated


def _find_own_modules() -> None:
    """Adds the current folder, where one's own environments are: behind Python's modules, before those of packages."""
    installed = [place for place, path in enumerate(sys.path) if SITE_FOLDERS.intersection(Path(path).parts)]
    sys.path.insert(min(installed, default=len(sys.path)), str(Path.cwd()))


def _fail(message: str) -> NoReturn:
    Console(stderr=True, soft_wrap=True).print(message, style="red", markup=False)
    sys.exit(1)
