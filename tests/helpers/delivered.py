"""What becomes of samples in loaders and datasets that tests break."""

from __future__ import annotations

import os
import signal
import time

import torch

from blendgym.data.delivery.tensors import to_tensors


def jittered(sample):
    """Augmented at random."""
    tree = to_tensors(sample)
    return {"index": tree["index"], "rgb": tree["rgb"] + torch.rand(tree["rgb"].shape)}


def deadly(sample):
    """Kills whoever transforms anything."""
    os.kill(os.getpid(), signal.SIGKILL)


def deadly_by_a_nameless_signal(sample):
    """Kills whoever transforms anything by one of the signals for real-time applications."""
    os.kill(os.getpid(), signal.SIGRTMIN + 5)


def deadly_at_five(sample):
    """Kills whoever transforms sample 5."""
    if sample.index == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return sample.index


def broken_at_five(sample):
    if sample.index == 5:
        raise ValueError("five")
    return sample.index


def slow_at_first(sample):
    """Takes longer for the first four."""
    time.sleep(0.1 if sample.index < 4 else 0.0)
    return {"index": sample.index}


def told_by(sample):
    """Which process has it."""
    return {"index": sample.index, "pid": os.getpid()}


def strange(sample):
    """Nothing that can be sent."""
    return object()


def stuck_at_two(sample):
    """Takes for ever with sample 2."""
    time.sleep(600 if sample.index == 2 else 0)
    return sample.index


def send_all(dataset, pipe):
    """What a process does that consumes a dataset."""
    for item in dataset:
        pipe.send(item)
