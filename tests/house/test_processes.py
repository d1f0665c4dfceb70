"""A fork neither uses nor ends what its parent has, and the end of a process is told in words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from blendgym.processes import Owner, how_it_ended


def answer_of_fork(question):
    """What a fork of this process answers."""
    if (child := os.fork()) == 0:
        os._exit(int(question()))
    return bool(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


class Thing:
    """Something that is owned."""


def test_a_fork_is_not_the_owner():
    owner = Owner()
    assert owner.is_here()
    assert not answer_of_fork(owner.is_here)
    assert owner.pid == os.getpid()


def test_what_is_owned_is_ended_by_its_owner_once_and_never_by_a_fork():
    ended = []
    thing = Thing()
    end = Owner().finalize(thing, ended.append, "thing")
    assert not answer_of_fork(lambda: end() or bool(ended))
    assert end.alive
    del thing
    assert not end.alive
    end()
    assert ended == ["thing"]


@pytest.mark.parametrize(
    ("end", "says"),
    [
        ("raise SystemExit(0)", "ended with exit code 0"),
        ("raise SystemExit(3)", "ended with exit code 3"),
        ("os.kill(os.getpid(), signal.SIGTERM)", "was killed by SIGTERM"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "was killed by SIGKILL (perhaps by the kernel, out of memory)"),
        ("os.kill(os.getpid(), signal.SIGRTMIN + 5)", f"was killed by signal {signal.SIGRTMIN + 5}"),
    ],
)
def test_the_end_of_a_process_is_told_with_its_exit_code_or_its_signal_that_may_have_no_name(end, says):
    done = subprocess.run([sys.executable, "-c", f"import os, signal\n{end}"], check=False)
    assert how_it_ended(done.returncode) == says


def test_a_process_that_has_not_ended_is_running():
    assert how_it_ended(None) == "is running"
