"""What may become of the folder of a server: others sweep it away, its log grows, its path is too long."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from episodes import rollout, same
from namespaces import namespaces_are_missing

from blendgym.client.process.folder import LOG_TAIL_BYTES
from blendgym.errors import ServerDied, ServerStartError
from blendgym.server.log import ANSWERS_PER_LOOK, GAP, KEPT_BYTES, MAX_BYTES

STILL = np.zeros(1, np.float32)
ELSEWHERE = ["unshare", "--user", "--map-root-user", "--pid", "--fork"]
"""A container: processes there have numbers of their own."""

SWEEP = "from blendgym.client.process.folder import make_server_folder; make_server_folder().rmdir()"


def folder_of(env):
    return env._host.link_of(0).server.folder


@pytest.mark.skipif(bool(namespaces_are_missing()), reason="NOT TESTED: this machine makes no containers (unshare)")
def test_a_trainer_in_another_container_sweeps_away_what_is_left_over_and_nothing_else(make_env, temporary):
    env = make_env()
    env.reset()
    folder = folder_of(env)
    left_over = temporary / "blendgym-4194304-dead"
    left_over.mkdir()
    (left_over / "server.log").touch()
    subprocess.run([*ELSEWHERE, sys.executable, "-c", SWEEP], check=True)
    assert list(temporary.iterdir()) == [folder]
    env.step(STILL)


def test_an_episode_goes_on_when_somebody_has_removed_the_folder(make_env, temporary, cartpole):
    env = make_env()
    env.reset()
    shutil.rmtree(folder_of(env))
    assert same(rollout(env, seed=3), rollout(cartpole, seed=3))
    assert env.server_log == ""
    os.kill(env.server_pid, signal.SIGKILL)
    with pytest.raises(ServerDied, match="SIGKILL"):
        env.step(STILL)
    env.reset()
    env.step(STILL)


def test_a_path_that_is_too_long_for_a_socket_is_reported_with_the_way_to_another(make_env, temporary, monkeypatch):
    deep = temporary / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with pytest.raises(ServerStartError, match="cannot be bound: AF_UNIX path too long.*TMPDIR"):
        make_env().reset()
    assert not list(deep.iterdir())


def test_a_log_that_grows_for_weeks_keeps_its_beginning_and_its_end_alone(make_env, temporary):
    env = make_env()
    env.reset()
    log = folder_of(env) / "server.log"
    log.write_bytes(b"first of all\n")
    for _ in range(2):
        with log.open("ab") as opened:
            opened.write(b"frame\n" * (MAX_BYTES // 6 + 1) + b"the latest frame\n")
        for _ in range(ANSWERS_PER_LOOK + 1):  # The log is looked at after a reply.
            env.ping()
        assert log.stat().st_size == 2 * KEPT_BYTES + len(GAP)
        assert env.server_log.startswith("first of all\n")
        assert env.server_log.endswith("frame\nthe latest frame\n")


def test_an_error_has_the_last_lines_of_a_log_however_long_it_is(make_env, temporary):
    env = make_env()
    env.reset()
    with (folder_of(env) / "server.log").open("ab") as log:
        log.write(b"x" * 10 * LOG_TAIL_BYTES + b"\nthe last words\n")
    os.kill(env.server_pid, signal.SIGKILL)
    with pytest.raises(ServerDied, match=r"(?m)the last words$") as caught:
        env.step(STILL)
    assert len(str(caught.value)) < 2 * LOG_TAIL_BYTES
