"""``packages.py PLAN RESULT``: installs packages for the Python of this Blender, and tells what it has.

Runs on its own, inside any Blender or Python, with the standard library alone. The plan is a JSON file with
``folder``, the folder above the folders of packages of every Python version; ``modules`` to import; and ``install``,
arguments for pip, in which ``{target}`` stands for the folder of this Python version.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import runpy
import sys
import sysconfig
from pathlib import Path
from typing import Any


def main() -> None:
    """Carries out the plan that the command line names, and writes what there is now."""
    plan, result = json.loads(Path(sys.argv[-2]).read_text(encoding="utf-8")), Path(sys.argv[-1])
    folder = Path(plan["folder"]) / "python{}.{}".format(*sys.version_info)
    if plan["install"]:
        _run_pip([argument.format(target=folder) for argument in plan["install"]])
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    found = {
        "python": ".".join(map(str, sys.version_info[:3])),
        "target": str(folder),
        "modules": {name: _describe(name) for name in plan["modules"]},
    }
    result.write_text(json.dumps(found), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)


def _run_pip(arguments: list[str]) -> None:
    """Runs pip in this process: a Blender's own program is no Python, and its ``sys.executable`` may be another's."""
    if importlib.util.find_spec("pip") is None:
        sys.path += _bundled_pip()
    sys.argv = ["pip", *arguments]
    try:
        runpy.run_module("pip", run_name="__main__")
    except SystemExit as exit_:
        if exit_.code:
            _fail(f"pip ended with {exit_.code}")
    except ImportError as error:
        _fail(f"no pip, neither installed nor with ensurepip: {error}")


def _bundled_pip() -> list[str]:
    """The wheel that ensurepip would install; it runs as it is."""
    spec = importlib.util.find_spec("ensurepip")
    folders = [Path(spec.origin).parent / "_bundled"] if spec and spec.origin else []
    folders += [Path(folder) for folder in [sysconfig.get_config_var("WHEEL_PKG_DIR")] if folder]
    return [str(wheel) for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))]


def _describe(name: str) -> dict[str, Any] | None:
    """Version and place of a module, after a real import; ``None`` if that fails."""
    try:
        module = importlib.import_module(name)
    except ImportError:
        return None
    return {"version": module.__version__, "file": str(module.__file__)}


def _fail(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    main()
