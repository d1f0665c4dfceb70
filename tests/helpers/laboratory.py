"""A Blender in which experiments are made: functions of ``experiments`` that need bpy, and answer with numbers."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

HELPERS = Path(__file__).parent


class Laboratory:
    """A child process with bpy, where one experiment is made after the other."""

    def __init__(self) -> None:
        program = [sys.executable, str(Path(__file__)), str(HELPERS)]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def do(self, experiment: str, **arguments: Any) -> Any:
        """What an experiment answers.

        Args:
            experiment: As ``module.function`` of ``experiments``.
            arguments: Of the function, which JSON can hold.

        Raises:
            AssertionError: If it raises; the message has its traceback.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([experiment, arguments]) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "answer" in answer, answer["trace"]
        return answer["answer"]

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


def main() -> None:
    """Serves, inside the child."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Blender reports on its standard output, 5.2 when it is imported.
    import bpy  # noqa: F401 (bmesh and mathutils are found once it is there)

    sys.path.insert(0, sys.argv[1])
    for line in sys.stdin:
        experiment, arguments = json.loads(line)
        module, _, function = experiment.rpartition(".")
        try:
            answer = {"answer": getattr(importlib.import_module(f"experiments.{module}"), function)(**arguments)}
        except Exception:
            answer = {"trace": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    os._exit(0)  # Some versions of bpy hang when they end.


if __name__ == "__main__":
    main()
