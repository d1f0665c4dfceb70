"""Trainers in processes of their own, and what is left of their servers."""

from __future__ import annotations

import time

import psutil

TRAINER = """
import os, sys, gymnasium as gym, numpy as np, blendgym
env = gym.make("BlendCartpole-v0")
env.reset(seed=0)
print(env.unwrapped.server_pid, flush=True)
while True:
    if env.step(np.zeros(1, np.float32))[2]:
        env.reset()
"""


def assert_gone(pid, seconds):
    limit = time.monotonic() + seconds
    while not is_gone(pid):
        assert time.monotonic() < limit, f"process {pid} is alive {seconds} s after its trainer"
        time.sleep(0.02)


def is_gone(pid):
    try:
        process = psutil.Process(pid)
        # The first thread of a process may be dead while others still hold its files.
        return process.status() == psutil.STATUS_ZOMBIE and process.num_threads() == 1
    except psutil.NoSuchProcess:
        return True
