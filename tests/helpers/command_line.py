"""The command line, as a person types it."""

from __future__ import annotations

import subprocess
import sys


def blendgym(*arguments, check=True, **options):
    command = [sys.executable, "-m", "blendgym", *map(str, arguments)]
    environment = options.pop("env", None)
    return subprocess.run(command, capture_output=True, text=True, check=check, env=environment, **options)
