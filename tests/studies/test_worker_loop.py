"""The life of a process that does runs."""

from __future__ import annotations

import subprocess
import sys

ENDLESS = """
import time
from blendgym.studies.worker_loop import work

def execute(job, report):
    report(1)
    time.sleep(1000)

work(bytes.strip, execute, print)
"""


def test_a_process_ends_with_whoever_has_asked_it_for_a_run_in_the_middle_of_it():
    with subprocess.Popen([sys.executable, "-c", ENDLESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(b"one run\n" * 3)
        process.stdin.flush()
        assert process.stdout.readline() == b"1\n"
        process.stdin.close()
        assert process.wait(timeout=30) == 1
