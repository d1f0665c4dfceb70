"""Fixtures. Every environment here is a real one, with a real Blender behind it."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from laboratory import Laboratory
from places import CARTPOLE

import blendgym  # noqa: F401 (registers the ids)
from blendgym.client.env import BlendEnv

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # A shell leaves it so to what it runs in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# On a busy machine any example may take longer than Hypothesis allows. A run of the tests says the same as the one
# before; new examples are searched for by `--hypothesis-profile searching`, as `make test-endurance` does.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None, print_blob=True)
settings.load_profile("repeatable")


@pytest.fixture
def make_env() -> Iterator[Callable[..., BlendEnv]]:
    """Makes environments, the cart-pole's unless told otherwise, and closes them after the test."""
    made: list[BlendEnv] = []

    def make(task: str = CARTPOLE, **arguments: Any) -> BlendEnv:
        made.append(BlendEnv(task, **arguments))
        return made[-1]

    yield make
    for env in made:
        env.close()


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of temporary files, empty; others may be at work in that of the machine."""
    tmp_path_factory.getbasetemp()  # Made now, or it would be made in this folder, and go with it.
    with tempfile.TemporaryDirectory() as folder:  # The paths of pytest are too long for sockets.
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


@pytest.fixture(scope="module")
def cartpole() -> Iterator[BlendEnv]:
    """One cart-pole for all tests of a module; each test begins with a reset."""
    env = BlendEnv(CARTPOLE)
    yield env
    env.close()


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    """Where experiments are made."""
    made = Laboratory()
    yield made
    made.close()
