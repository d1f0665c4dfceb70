"""``blendgym serve``, as a person runs it on another machine."""

from __future__ import annotations

import contextlib
import io
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import gymnasium as gym
import numpy as np
import psutil
import pytest
from places import CARTPOLE, HELPERS
from rich.console import Console

from blendgym.cli import served
from blendgym.errors import ServerDied, ServerStartError, SessionEnded
from blendgym.wire.transport.keys import make_keys

STILL = np.zeros(1, np.float32)


class Serving:
    """A ``blendgym serve`` and what it has printed."""

    def __init__(self, *arguments, env_id="BlendCartpole-v0"):
        command = [sys.executable, "-u", "-m", "blendgym", "serve", env_id, *map(str, arguments)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=HELPERS
        )
        self.printed = ""
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=lambda: [self._lines.put(line) for line in self.process.stdout])
        self._reader.start()

    def wait_for(self, pattern, seconds=60):
        """Reads until a line has the pattern; returns its match."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=0.1)
                self.printed += line
                if found := re.search(pattern, line):
                    return found
        raise AssertionError(f"{pattern!r} was not printed, but {self.printed}")

    def blender(self):
        (child,) = psutil.Process(self.process.pid).children()
        return child

    def end(self, signal_number):
        """The exit code, after a signal."""
        self.process.send_signal(signal_number)
        return self.process.wait(60)

    def close(self):
        self.process.kill()
        self.process.wait()
        self._reader.join()
        self.process.stdout.close()


@pytest.fixture
def serving():
    with contextlib.ExitStack() as running:
        yield lambda *arguments, **which: running.enter_context(contextlib.closing(Serving(*arguments, **which)))


@pytest.mark.parametrize("env_id", ["broken_tasks:ClosedOnce-v0", "BlendRover-v0"])
def test_ids_of_ones_own_and_ids_that_observe_images_by_themselves_are_served(serving, env_id):
    server = serving("--bind", f"tcp://{loopback()}:*", env_id=env_id)
    address = server.wait_for("is served at (tcp://.*:[0-9]+);")[1]
    with contextlib.closing(gym.make(env_id, address=address)) as env:
        observation, _ = env.reset(seed=0)
    assert env.observation_space.contains(observation)


def test_a_trainer_with_keys_trains_over_a_death_and_ctrl_c_leaves_nothing(serving, make_env, tmp_path):
    make_keys(tmp_path / "keys")
    server = serving("--bind", f"tcp://{loopback()}:*", "--keys", tmp_path / "keys")
    address = server.wait_for("is served at (tcp://.*:[0-9]+);")[1]
    assert server.wait_for("gym.make").string.strip() == (
        f"gym.make('BlendCartpole-v0', address='{address}', keys='{tmp_path / 'keys'}')"
    )
    env = make_env(address=address, keys=str(tmp_path / "keys"), deadlines={"close": 0.5})
    env.reset(seed=0)
    server.wait_for("A client has come")
    server.blender().kill()
    with pytest.raises(SessionEnded):
        env.step(STILL)
    server.wait_for("ServerDied: .*was killed by SIGKILL.*it is launched again")
    server.wait_for(f"Launched again at {re.escape(address)}")
    env.reset()
    env.step(STILL)
    blender = server.blender()
    assert server.end(signal.SIGINT) == 130
    assert not blender.is_running()


def loopback():
    """IPv6's, where there is one."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return "127.0.0.1"
    return "[::1]"


def test_options_reach_the_task_and_sigterm_leaves_nothing(serving, make_env):
    server = serving("--bind", "tcp://127.0.0.1:*", "--options", "action_type=discrete")
    address = server.wait_for("is served at (.*);")[1]
    assert "action_type='discrete'" in server.wait_for("gym.make").string
    env = make_env(address=address, action_type="discrete")
    env.reset()
    env.step(np.int64(1))
    env.close()
    server.wait_for("The client has gone")
    blender = server.blender()
    assert server.end(signal.SIGTERM) == 0
    assert not blender.is_running()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--bind", "tcp://0.0.0.0:*"), "UnsafeAddress: .*blendgym keys DIR"),
        (("--bind", "localhost"), "InvalidOption: --bind is wrong: 'localhost' is no address"),
        (("--bind", "tcp://localhost:*"), "UnsafeAddress: .*tcp://127.0.0.1:5555"),
        (("--keys", "/no/such/folder"), "InvalidKeys: /no/such/folder/server.key_secret cannot be used"),
        (("--options", "discrete"), "InvalidOption: --options takes name=value, got 'discrete'"),
        (("--options", "colour=3"), "UnknownArgument: .*does not take the options {'colour': 3}"),
    ],
)
def test_what_cannot_be_served_is_one_line(serving, arguments, message):
    server = serving(*arguments)
    server.wait_for(message)
    assert server.process.wait(60) == 1
    assert "Traceback" not in server.printed


def test_a_server_that_dies_again_and_again_is_given_up_with_the_first_reason(monkeypatch):
    monkeypatch.setattr(served, "MOST_DEATHS", 2)
    console = Console(file=io.StringIO(), width=200)
    server = served.Served(console, CARTPOLE, {}, endpoint="tcp://127.0.0.1:*", idle_timeout=1.0)
    server.launch()
    kill(server, signal.SIGSEGV)
    server.look()
    server.look()
    kill(server, signal.SIGKILL)
    with pytest.raises(ServerDied, match="SIGSEGV"):
        server.look()
    assert "2 deaths within 60 s are too many" in console.file.getvalue()
    server.stop()


def test_an_address_that_is_taken_is_told_before_anything_is_served():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = served.Served(
            Console(file=io.StringIO()), CARTPOLE, {}, idle_timeout=1.0,
            endpoint=f"tcp://127.0.0.1:{taken.getsockname()[1]}",
        )  # fmt: skip
        with pytest.raises(ServerStartError, match="cannot be bound: Address already in use"):
            server.launch()


def kill(server, deadly):
    process = server._process
    os.kill(process.pid, deadly)
    limit = time.monotonic() + 60
    while process.is_running():
        assert time.monotonic() < limit
        time.sleep(0.01)
