"""A server that does not answer: the error says whether it is alive, what it is doing, and where in the task."""

from __future__ import annotations

import os
import re
import signal
import time

import numpy as np
import pytest
from places import CARTPOLE, HELPERS
from sabotage import COMMAND, SABOTAGED

from blendgym.client.connection.connection import Connection
from blendgym.client.process.deadlines import Deadlines
from blendgym.client.process.folder import LOG_FILE
from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import ServerDied, ServerTimeout
from blendgym.wire.pulse import PULSE_FILE, read_pulse

BAD = np.full(1, COMMAND, np.float32)
STILL = np.zeros(1, np.float32)
DEADLINE = 1.0
BOUND = DEADLINE + 30.0  # A diagnosis takes two seconds at most; the rest is for a busy machine.


def what_a_time_out_says(env):
    env.reset()
    env.step(STILL)
    start = time.monotonic()
    with pytest.raises(ServerTimeout) as caught:
        env.step(BAD)
    assert time.monotonic() - start < BOUND
    return str(caught.value)


@pytest.mark.parametrize(
    ("sabotage", "does", "function"),
    [("sleep", "sleeps", "<lambda>"), ("loop", "computes", "loop"), ("hang in C", "computes", "hang_in_c")],
)
def test_a_hung_task_is_named_with_its_line(make_env, sabotage, does, function):
    message = what_a_time_out_says(make_env(SABOTAGED, sabotage=sabotage, deadlines={"step": DEADLINE}))
    assert f"The process {does}." in message
    assert "The main loop has been in Step for " in message
    assert f"In the task it is at {HELPERS / 'sabotage.py'}:" in message
    assert f"in {function}." in message
    assert "Its Python stack, innermost first:" in message
    assert "blendgym/server/server.py" in message


def test_an_operator_of_blender_that_does_not_return_is_named_with_its_line(make_env):
    env = make_env(deadlines={"render": 2.0})
    env.reset()
    with pytest.raises(
        ServerTimeout, match=r"(?s)The main loop has been in Render for .*bpy/.*render/cycles/engine\.py"
    ):
        env.capture(engine="cycles", width=2048, height=2048, samples=100_000)
    env.reset()
    env.step(STILL)


def test_a_stopped_process_is_told_from_a_hung_one(make_env):
    message = what_a_time_out_says(make_env(SABOTAGED, sabotage="stop", deadlines={"step": DEADLINE}))
    assert "The process is stopped (SIGSTOP)" in message
    assert "The main loop has been in Step for " in message
    assert "Python stack" not in message


def test_a_request_that_got_lost_is_told_from_one_that_takes_long(make_env):
    env = make_env(deadlines={"step": DEADLINE})
    env.reset()
    env._host.link_of(0).connection._socket.send = lambda frames: None
    with pytest.raises(ServerTimeout, match=r"The main loop has been waiting for a request for .* after 2 answers"):
        env.step(STILL)


def test_a_scene_that_takes_too_long_is_told_from_a_blender_that_does():
    server = ServerProcess("faulty_tasks:SlowScene", {})
    while "loading" not in server.log():
        assert server.is_running()
    assert re.search(r"(?s)It has been starting for .*in bind.*<module>", server.diagnose())
    server.stop()


def test_a_server_that_cannot_be_examined_makes_nothing_worse(make_env):
    env = make_env(SABOTAGED, sabotage="sleep", deadlines={"step": DEADLINE})
    env.reset()
    link = env._host.link_of(0)
    folder = link.server.folder
    (folder / LOG_FILE).unlink()
    with pytest.raises(ServerTimeout, match="did not answer Step within 1 s.*The main loop has been in") as caught:
        env.step(BAD)
    assert "Python stack" not in str(caught.value)
    (folder / PULSE_FILE).unlink()
    assert link.server.diagnose() == " The process sleeps. Its main loop has not come to life yet."
    env.reset()
    env.step(STILL)


def test_a_server_that_was_asked_for_its_stack_goes_on(make_env):
    env, twin = make_env(), make_env()
    for each in (env, twin):
        each.reset(seed=4)
    link = env._host.link_of(0)
    for _ in range(3):
        assert "waiting for a request" in link.server.diagnose()
        np.testing.assert_array_equal(env.step(STILL)[0], twin.step(STILL)[0])


def test_a_crash_shows_the_line_in_which_it_happened(make_env):
    env = make_env(SABOTAGED, sabotage="crash")
    env.reset()
    with pytest.raises(ServerDied, match=r"(?s)SIGSEGV.*in string_at.*sabotage\.py"):
        env.step(BAD)


def test_a_remote_server_says_whether_anybody_listens(make_env):
    served = ServerProcess(CARTPOLE, {}, endpoint="tcp://127.0.0.1:*", idle_timeout=60)
    env = make_env(address=served.endpoint, deadlines={"step": DEADLINE, "close": DEADLINE})
    env.reset()
    os.kill(served.pid, signal.SIGSTOP)
    with pytest.raises(ServerTimeout, match="Its machine takes connections"):
        env.step(STILL)
    os.kill(served.pid, signal.SIGCONT)
    env.reset()
    served.stop()
    with pytest.raises(ServerTimeout, match="Nothing listens there any more: Connection refused"):
        env.step(STILL)


def test_the_pulse_tells_what_the_main_loop_has_done():
    server = ServerProcess(CARTPOLE, {})
    connection = Connection(server, Deadlines())
    start = time.monotonic()
    while (beat := read_pulse(server.folder / PULSE_FILE)).answered < 1:
        assert time.monotonic() - start < 60
    assert (beat.request, beat.is_starting, beat.answered) == ("", False, 1)
    connection.close()
    server.stop()
