"""How torch works while somebody learns."""

from __future__ import annotations

import platform
import resource
import subprocess
import sys

import pytest
import torch

from blendgym.agents.torch_modes import learning

PAGE_FAULTS = """
import resource, sys
import torch
from contextlib import nullcontext
from blendgym.agents.torch_modes import learning

def update():
    return [torch.ones(512, 9, 28, 80) for layer in range(3)]

with learning() if sys.argv[1] == "learning" else nullcontext():
    for _ in range(5):
        update()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(5):
        update()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(mode):
    return int(subprocess.check_output([sys.executable, "-c", PAGE_FAULTS, mode], text=True, timeout=60))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators have rules of their own")
def test_tensors_of_an_update_are_made_of_the_memory_of_those_before():
    pages = 512 * 9 * 28 * 80 * 4 // resource.getpagesize()
    assert page_faults("learning") < pages / 10
    assert page_faults("as it is") > pages


def test_while_somebody_learns_there_are_gradients_and_one_thread():
    threads = torch.get_num_threads()
    with torch.inference_mode(), learning():
        weight = torch.ones(1, requires_grad=True)
        weight.sum().backward()
        assert weight.grad is not None
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == threads
