"""Frames arrive as they were sent, by whichever way they go, and nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import threading
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from blendgym.data.delivery.channel import INLINE_BYTES, Channel, ChannelClosed, ChannelSilent

SIZES = st.integers(0, 64) | st.integers(INLINE_BYTES - 100, INLINE_BYTES + 100) | st.integers(0, 300_000)
MESSAGES = st.lists(st.lists(SIZES, max_size=6), min_size=1, max_size=4)


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


@contextlib.contextmanager
def channel():
    ends = [Channel(end) for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)]
    try:
        yield ends
    finally:
        for end in ends:
            end.close()


@contextlib.contextmanager
def no_more_files():
    """As in a process that has used up all that it may open."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    spare = os.dup(0)
    os.close(spare)
    resource.setrlimit(resource.RLIMIT_NOFILE, (spare, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def some_frames(sizes):
    return [bytes([number % 251]) * size for number, size in enumerate(sizes, 7)]


def sent(here, there, frames):
    """What arrives; whoever sends may have to wait for whoever receives."""
    sender = threading.Thread(target=here.send, args=(frames,))
    sender.start()
    received = there.receive()
    sender.join()
    return received


@settings(max_examples=60, deadline=None)
@given(MESSAGES)
def test_frames_of_all_sizes_arrive_in_turns(messages):
    with channel() as (here, there):
        for sizes in messages:
            frames = some_frames(sizes)
            assert sent(here, there, frames) == frames
            assert sent(there, here, frames) == frames


def test_what_has_arrived_stays_as_it_is():
    with channel() as (here, there):
        first = sent(here, there, [b"a" * 100_000])
        sent(here, there, [b"b" * 200_000])
        assert first == [b"a" * 100_000]


def test_more_frames_than_the_kernel_writes_at_once_arrive():
    frames = some_frames([97] * 3000)
    with channel() as (here, there):
        assert sent(here, there, frames) == frames


def test_long_frames_do_not_go_through_the_socket_unless_there_is_no_memory():
    frames = [b"x" * 10_000_000]
    with channel() as (here, there):
        here.send(frames)  # A socket holds far less.
        assert there.receive() == frames
    with channel() as (here, there):
        with no_more_files():
            sender = threading.Thread(target=here.send, args=(frames,))
            sender.start()
            sender.join(0.1)
            assert sender.is_alive()
            assert there.receive() == frames
            sender.join()
        assert sent(here, there, frames) == frames


def test_whoever_waits_notices_that_the_other_side_goes():
    with channel() as (here, there):
        threading.Timer(0.1, there.close).start()
        with pytest.raises(ChannelClosed):
            here.receive()
        with pytest.raises(ChannelClosed):
            here.send([b"x"])


def test_a_thread_that_waits_notices_that_its_own_side_is_closed():
    with channel() as (here, _):
        threading.Timer(0.1, here.close).start()
        with pytest.raises(ChannelClosed):
            here.receive()


def test_nothing_stays_open():
    before = open_files()
    with channel() as (here, there):
        for _ in range(3):
            sent(here, there, [b"x" * 100_000])
            sent(there, here, [b"x" * 100_000])
    assert open_files() == before


@pytest.mark.parametrize("size", [5, 2 * INLINE_BYTES])
def test_a_channel_that_is_closed_takes_nothing_and_opens_nothing(size):
    with channel() as (here, _):
        here.close()
        before = open_files()
        with pytest.raises(ChannelClosed):
            here.send([b"x" * size])
        assert open_files() == before


def test_a_silent_side_is_told_in_time():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(0.05)
    here, there = Channel(ours), Channel(theirs)
    with pytest.raises(ChannelSilent):
        here.receive()
    with pytest.raises(ChannelSilent):
        any(here.send([bytes(10_000)]) for _ in range(1000))  # More than a socket keeps.
    here.close()
    there.close()


def test_whoever_waits_at_a_channel_that_is_hung_up_learns_of_it():
    with channel() as (here, _):
        threading.Timer(0.05, here.hang_up).start()
        with pytest.raises(ChannelClosed):
            here.receive()
