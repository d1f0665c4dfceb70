"""``python -m blendgym.server ORDER``: what the launcher starts, inside Blender or a Python with bpy.

The folder of the launch order takes the report. Blender itself runs this file as a script, with the order behind
``--``.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import sys
import traceback
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from blendgym.server.server import Server
    from blendgym.wire.launch import LaunchOrder
    from blendgym.wire.pulse import Pulse


def main() -> None:
    """Serves what the launch order asks for, until the session is closed or whoever launched it is gone."""
    order_file = Path(sys.argv[-1])
    folder = order_file.parent
    # Blender's own Python knows none of our packages, so the path comes first, with the standard library alone.
    plain_order = json.loads(order_file.read_text(encoding="utf-8"))
    _extend_path(plain_order)
    sys.meta_path.insert(0, Pinned({"blendgym": plain_order["pinned"]["blendgym"]}))
    _require_packages(folder, plain_order["program"])

    import msgspec

    from blendgym.errors import BlendgymError, ServerStartError
    from blendgym.server.process import follow_parent, show_stacks_on_demand
    from blendgym.wire.launch import LaunchOrder, LaunchReport, write_json
    from blendgym.wire.launch_files import REPORT_FILE, VISITORS_FILE
    from blendgym.wire.pulse import PULSE_FILE, Pulse

    follow_parent()
    show_stacks_on_demand()
    pulse = Pulse(folder / PULSE_FILE)  # Promises that SIGUSR1 has its handler.
    order = msgspec.json.decode(order_file.read_bytes(), type=LaunchOrder)
    if order.idle_timeout is not None:
        _log_visitors(folder / VISITORS_FILE)
    try:
        server = None if order.errand else _prepare(order, pulse)
        report = LaunchReport(endpoint=server.endpoint) if server else LaunchReport(answer=_run_errand(order))
    except BlendgymError as error:
        write_json(folder / REPORT_FILE, LaunchReport(code=error.code, message=str(error)))
        _end(1)
    except (Exception, SystemExit) as error:
        message = f"{type(error).__name__} while the server started: {error}\n{traceback.format_exc()}"
        write_json(folder / REPORT_FILE, LaunchReport(code=ServerStartError.code, message=message))
        _end(1)
    write_json(folder / REPORT_FILE, report)
    if order.window:
        return  # To Blender's main loop, in which the server has its turns.
    if server:
        server.serve()
    _end(0)


class Pinned(MetaPathFinder):
    """Finds modules where they are known to lie, whatever else is called like them.

    Args:
        places: A file, or the folders of a namespace, by the name of a top-level module.
    """

    def __init__(self, places: dict[str, list[str]]) -> None:
        self._places = places

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """Where a module lies, if it is one of them; Python asks."""
        if fullname not in self._places:
            return None
        places = self._places[fullname]
        if Path(places[0]).is_file():
            return spec_from_file_location(fullname, places[0])
        namespace = ModuleSpec(fullname, None, is_package=True)
        namespace.submodule_search_locations = places
        return namespace


def _extend_path(order: dict[str, Any]) -> None:
    """Adds where packages are found; those of this very Blender come first."""
    version = "{}.{}".format(*sys.version_info)
    packages = str(Path(order["packages_folder"]) / f"python{version}")
    site = order["site_path"] if order["python_version"] == version else []
    sys.path[:] = dict.fromkeys([packages, *sys.path, *site])


def _find_task(order: LaunchOrder) -> None:
    """Adds where the task and the trainer's other code are found, once all that Blender needs has been imported.

    Raises:
        TaskNotFound: If the module of the task is called like one of Blender's.
    """
    from blendgym.errors import TaskNotFound

    for name, places in order.pinned.items():
        loaded = sys.modules.get(name)
        file = getattr(loaded, "__file__", None)
        if loaded and not (file and Path(places[0]).samefile(file)):
            raise TaskNotFound(
                f"The module {name!r} of task {order.task!r} is called like one of Blender's, {file or loaded}; call "
                "it otherwise."
            )
    sys.meta_path.insert(0, Pinned(order.pinned))
    # As in the trainer, before whatever is installed.
    installed = [place for place, path in enumerate(sys.path) if Path(path).name in ("site-packages", "dist-packages")]
    place = min(installed, default=len(sys.path))
    sys.path[:] = dict.fromkeys([*sys.path[:place], *order.code_path, *sys.path[place:]])


def _require_packages(folder: Path, program: str) -> None:
    """Reports what cannot be imported; without msgspec, in plain JSON."""
    from blendgym.errors import PackagesMissing
    from blendgym.files import write_whole
    from blendgym.wire.launch_files import REPORT_FILE

    missing = [name for name in ("msgspec", "numpy", "zmq") if not _can_be_imported(name)]
    if not missing:
        return
    version = ".".join(map(str, sys.version_info[:3]))
    message = (
        f"{program} has Python {version}, which cannot import {', '.join(missing)}. Install what the server needs "
        f"there: blendgym install-server {program}"
    )
    write_whole(folder / REPORT_FILE, json.dumps({"code": PackagesMissing.code, "message": message}).encode())
    _end(1)


def _can_be_imported(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def _prepare(order: LaunchOrder, pulse: Pulse) -> Server:
    from blendgym.blender.system_libraries import require_import_libraries
    from blendgym.server.process import without_workers

    require_import_libraries()

    with without_workers(order.processors):
        from blendgym.server.server import Server
        from blendgym.server.slots import load_slots

        _find_task(order)
        slots = load_slots(order.entry_point, order.options, order.slots, order.trust, order.scene)
        server = Server(slots, order, pulse)
    if order.window:
        from blendgym.server.window import serve_in_window

        serve_in_window(server, slots.task.camera, 1.0 / slots.task.control_rate)
    return server


def _run_errand(order: LaunchOrder) -> Any:
    from blendgym.blender.system_libraries import require_import_libraries

    require_import_libraries()

    from blendgym.server.errands import ERRANDS

    _find_task(order)
    return ERRANDS[order.errand](order)


def _log_visitors(file: Path) -> None:
    """Whoever serves others wants to see them come and go."""
    logger = logging.getLogger("blendgym.server")
    logger.setLevel(logging.INFO)
    logger.addHandler(logging.FileHandler(file))


def _end(code: int) -> NoReturn:
    # Blender may hang or crash while the interpreter tears down its static objects; everything is flushed by now.
    with contextlib.suppress(OSError):  # The disk may be full.
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
