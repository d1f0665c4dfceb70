"""``blendgym soak``."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time

import pytest

from blendgym.benchmarks.soaking.soak import Sample, memory_slope


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_soak_that_is_told_to_end_shows_what_it_has_seen(tmp_path, ending):
    command = [sys.executable, "-m", "blendgym", "soak", "--obs-type", "state", "--num-envs", "4"]
    arguments = ["--max-steps-per-server", "500", "--kills-per-minute", "10", "--output", tmp_path]
    with subprocess.Popen([*command, *map(str, arguments)], stdout=subprocess.PIPE, text=True) as soak:
        try:
            limit = time.monotonic() + 120  # A server may be stopped while it starts, which costs a minute.
            while not any(int(row["launches"] or 0) > 2 for row in rows_of(tmp_path)):
                assert time.monotonic() < limit, "none was recycled"
                time.sleep(0.05)
            soak.send_signal(ending)
            said, _ = soak.communicate(timeout=90)
        finally:
            soak.kill()
    assert soak.returncode == 0
    assert "Ended early." in said
    assert "servers were launched" in said
    assert len(list(tmp_path.glob("*/soak.png"))) == 1
    assert int(rows_of(tmp_path)[-1]["steps"]) > 0


def test_the_slope_of_the_memory_does_not_count_the_warm_up():
    def sample(minute, memory):
        return Sample(60.0 * minute, 0, 0.0, memory, 0.0, 0, 0, 0, 0)

    growing = [sample(minute, 100.0 if minute < 2 else 200 + minute / 60) for minute in range(10)]
    assert memory_slope(growing) == pytest.approx(1.0)
    assert memory_slope(growing[:1]) == 0


def rows_of(folder):
    files = list(folder.glob("*/soak.csv"))
    if not files:
        return []
    with files[0].open() as opened:
        return list(csv.DictReader(opened))
