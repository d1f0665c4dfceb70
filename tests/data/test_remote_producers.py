"""A producer at an address is one like any other: bit for bit the same samples; when it goes away, nothing is lost."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
import time

import psutil
import pytest
from places import HELPERS
from recorded import bits
from scenarios import FALLEN

from blendgym.data.streams.stream import Stream
from blendgym.errors import ServerUnreachable
from blendgym.wire.transport.keys import make_keys

COUNT = 8
DEADLINES = {"start": 1.0, "reset": 2.0, "render": 2.0, "close": 0.5}


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys") / "keys"
    make_keys(folder)
    return folder


@contextlib.contextmanager
def served_by_hand(keys):
    """The address of a ``blendgym serve`` with keys, and its process."""
    command = [sys.executable, "-u", "-m", "blendgym", "serve", FALLEN, "--bind", "tcp://127.0.0.1:*", "--keys", keys]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HELPERS) as process:
        said = next(line for line in process.stdout if "is served at" in line)
        yield re.search(r"tcp://\S+:\d+", said)[0], process
        process.send_signal(signal.SIGTERM)


@pytest.fixture(scope="module")
def server(keys):
    with served_by_hand(keys) as (address, _):
        yield address


def stream_of(**arguments):
    return Stream(FALLEN, **{"seed": 5, "count": COUNT, "randomize": "all", "width": 32, "height": 24, **arguments})


def end(process):
    """Ends a server and its Blender at once."""
    for each in (*psutil.Process(process.pid).children(), process):
        each.kill()


@pytest.fixture(scope="module")
def local():
    with stream_of() as stream:
        return list(stream)


def test_samples_of_a_server_that_was_started_by_hand_are_bit_equal_to_local_ones(local, server, keys):
    for _ in range(2):  # A stream that is closed leaves the server to the next.
        with stream_of(address=server, keys=keys) as stream:
            assert bits(tuple(stream)) == bits(tuple(local))


def test_whoever_has_no_keys_of_the_server_is_told(server, tmp_path):
    make_keys(tmp_path / "others")
    with (
        stream_of(address=server, keys=tmp_path / "others") as stream,
        pytest.raises(ServerUnreachable, match="public key is not the one in server.key"),
    ):
        stream.take()


def test_what_a_server_had_that_goes_away_is_made_by_another(local, server, keys, caplog):
    with served_by_hand(keys) as (address, process):
        with stream_of(producers=2, address=[address, server], keys=keys, ahead=1, deadlines=DEADLINES) as stream:
            given = [stream.take(), stream.take()]
            end(process)
            given += [stream.take() for _ in range(COUNT - 2)]
            limit = time.monotonic() + 60
            while "Producer 0 of a stream is lost, 1 go on: Nothing listens at" not in caplog.text:
                assert time.monotonic() < limit
                time.sleep(0.1)
        assert bits(tuple(given)) == bits(tuple(local))


def test_the_only_server_that_goes_away_is_an_error_and_another_stream_goes_on(local, keys):
    with (
        served_by_hand(keys) as (address, process),
        stream_of(address=address, keys=keys, ahead=1, deadlines=DEADLINES) as stream,
    ):
        given = [next(iter(stream))]
        end(process)
        with pytest.raises(ServerUnreachable, match="Nothing listens at"):
            given.extend(stream)
        state = json.loads(json.dumps(stream.state_dict()))
    with stream_of() as resumed:
        resumed.load_state_dict(state)
        assert bits((*given, *resumed)) == bits(tuple(local))


def test_a_stream_does_not_wait_for_a_server_that_hangs_when_it_is_closed(keys):
    with served_by_hand(keys) as (address, process):
        stream = stream_of(address=address, keys=keys, ahead=1, deadlines={"close": 0.5})
        stream.take()
        (blender,) = psutil.Process(process.pid).children()
        blender.suspend()
        stream.put_back("this process")
        time.sleep(0.5)
        start = time.monotonic()
        stream.close()
        assert time.monotonic() - start < 10.0
        end(process)
