"""How torch works while somebody learns."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest
import torch

from blendgym.agents.torch_modes import learning

KEPT = """
import sys
from contextlib import nullcontext
from pathlib import Path

import torch

from blendgym.agents.torch_modes import learning

def pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

with learning() if sys.argv[1] == "learning" else nullcontext():
    before = pages()
    tensors = [torch.ones(10_000_000) for _ in range(3)]
    held = pages() - before
    del tensors
    print((pages() - before) / held)
"""


def share_kept(mode):
    """Of the memory of some tensors, once they are gone."""
    return float(subprocess.check_output([sys.executable, "-c", KEPT, mode], text=True, timeout=60))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators have rules of their own")
def test_while_somebody_learns_memory_of_tensors_is_kept_for_the_next_ones():
    assert share_kept("learning") > 0.9
    assert share_kept("as it is") < 0.1


def test_while_somebody_learns_there_are_gradients_and_one_thread():
    threads = torch.get_num_threads()
    with torch.inference_mode(), learning():
        weight = torch.ones(1, requires_grad=True)
        weight.sum().backward()
        assert weight.grad is not None
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == threads
