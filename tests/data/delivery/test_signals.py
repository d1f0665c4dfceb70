"""Workers are processes of their own, whatever the trainer does when it is told to end."""

from __future__ import annotations

import subprocess
import sys

TRAINER = """
import multiprocessing, os, signal, time
from blendgym.data.delivery.worker import Worker

def keep_what_was_learnt(*_):
    raise KeyboardInterrupt

signal.signal(signal.SIGTERM, keep_what_was_learnt)
workers = [Worker(multiprocessing.get_context("fork"), None, None, None) for _ in range(2)]
time.sleep(1.0)
os.kill(workers[0].pid, signal.SIGTERM)
"""


def test_a_worker_that_is_told_to_end_does_so_in_silence_and_not_as_the_trainer_would():
    done = subprocess.run([sys.executable, "-c", TRAINER], capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stderr) == (0, "")
