"""Threads of the software rasterizer: large pictures have some where there are processors, and none shows it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells the names of threads"),
    pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is a single processor"),
]


def pictured(env):
    """What is seen of an episode, and how many threads have drawn it."""
    seen = [env.reset(seed=3)[0], *(env.step(np.ones(1, np.float32))[0] for _ in range(3))]
    threads = Path(f"/proc/{env.server_pid}/task")
    names = [(thread / "comm").read_text() for thread in threads.iterdir()]
    return seen, sum(name.startswith("llvmpipe") for name in names)


def test_a_large_picture_is_drawn_by_several_threads_and_a_small_one_by_none(make_env, monkeypatch):
    monkeypatch.delenv("LP_NUM_THREADS", raising=False)
    assert pictured(make_env(obs_type="rgb", width=240, height=240))[1] == min(4, len(os.sched_getaffinity(0)))
    assert pictured(make_env(obs_type="rgb", width=84, height=84))[1] == 0


def test_what_the_environment_says_of_threads_holds_and_changes_no_bit(make_env, monkeypatch):
    drawn = []
    for count in (0, 3):
        monkeypatch.setenv("LP_NUM_THREADS", str(count))
        seen, threads = pictured(make_env(obs_type="rgb_depth", width=240, height=240))
        assert threads == count
        drawn.append(seen)
    for alone, together in zip(*drawn, strict=True):
        for name in ("rgb", "depth"):
            assert np.ptp(alone[name]) > 0
            np.testing.assert_array_equal(alone[name], together[name])
