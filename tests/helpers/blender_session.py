"""A Blender that runs one script after the other, so that tests share its start."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

LOOP = """
import json, os, sys, traceback
sys.path += sys.argv[1:]
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # Blender itself writes there.
import bpy
for line in sys.stdin:
    names = {"bpy": bpy, "answer": None}
    try:
        exec(json.loads(line), names)
        reply = {"answer": names["answer"]}
    except BaseException:
        reply = {"failure": traceback.format_exc()}
    print(json.dumps(reply), file=answers, flush=True)
os._exit(0)
"""


class BlenderSession:
    """Runs scripts in the same bpy.

    Args:
        python: With bpy.
        is_bare: Whether it finds what is installed in this Python, but no checkout that is installed as it lies.
    """

    def __init__(self, python: str = sys.executable, is_bare: bool = False) -> None:
        bare = ["-I", "-S", "-c", LOOP, str(Path(find_spec("msgspec").origin).parents[1])]
        command = [python, *(bare if is_bare else ["-c", LOOP])]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def run(self, script: str, **values: Any) -> Any:
        """Runs a script, which finds ``bpy`` and these values by name. Returns what it leaves in ``answer``."""
        given = "".join(f"{name} = {value!r}\n" for name, value in values.items())
        self._process.stdin.write(json.dumps(given + script) + "\n")
        self._process.stdin.flush()
        reply = json.loads(self._process.stdout.readline())
        assert "failure" not in reply, reply["failure"]
        return reply["answer"]

    def close(self) -> None:
        """Ends it."""
        self._process.communicate()
