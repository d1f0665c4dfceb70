"""A ``DataLoader`` of one's own is given every sample once, and what a lost worker had goes to another process."""

from __future__ import annotations

import itertools
import multiprocessing
import socket

import delivered
import msgspec
import pytest
from recorded import bits
from scenarios import SILENT
from torch.utils.data import DataLoader

from blendgym.data.delivery.counter import Address, Customer
from blendgym.data.delivery.tensors import collate
from blendgym.data.streams.stream import Stream
from blendgym.errors import EnvironmentClosed

COUNT, SIZE = 12, 4


@pytest.fixture
def stream():
    with Stream(SILENT, count=COUNT, passes=("rgb",), width=32, height=24, producers=2) as stream:
        yield stream


def indices_of(loader):
    return sorted(int(index) for batch in loader for index in batch["index"])


@pytest.mark.parametrize(
    ("workers", "method"),
    [
        (0, None),
        (2, "fork"),
        pytest.param(1, "spawn", marks=pytest.mark.long),
        pytest.param(1, "forkserver", marks=pytest.mark.long),
    ],
)
def test_each_epoch_has_the_next_samples_each_once(stream, workers, method):
    options = {"num_workers": workers, "multiprocessing_context": method, "persistent_workers": workers > 0}
    loader = DataLoader(stream.dataset(delivered.told_by), SIZE, **options)
    assert indices_of(loader) == list(range(12))
    assert indices_of(loader) == list(range(12, 24))


def test_workers_that_are_started_for_each_epoch_go_on(stream):
    loader = DataLoader(stream.dataset(), SIZE, num_workers=2, multiprocessing_context="fork", collate_fn=collate)
    assert [indices_of(loader) for _ in range(2)] == [list(range(12)), list(range(12, 24))]


def test_a_copy_of_the_dataset_gives_the_same_samples(stream):
    stream.begin_pass()
    expected = stream.take("here"), stream.take("here")
    stream.put_back("here")
    dataset = stream.dataset()
    customer = Customer(dataset._address, (0, 0))
    given = tuple(itertools.islice(customer.samples(), 2))
    customer.close()
    assert bits(given) == bits(expected)


def test_what_a_lost_consumer_has_not_taken_goes_to_another(stream):
    dataset = stream.dataset()
    lost, other = Customer(dataset._address, (0, 0)), Customer(dataset._address, (0, 0))
    first, second = itertools.islice(lost.samples(), 2)
    lost.take(first)
    lost.close()
    given = sorted(sample.index for sample in other.samples())
    other.close()
    assert second.index == 1
    assert given == list(range(1, COUNT))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_what_a_killed_process_was_at_goes_to_another(stream, method):
    dataset, context = stream.dataset(delivered.stuck_at_two), multiprocessing.get_context(method)
    here, there = context.Pipe(duplex=False)
    with here, there:
        process = context.Process(target=delivered.send_all, args=(dataset, there), daemon=True)
        process.start()
        assert [here.recv(), here.recv()] == [0, 1]
        process.kill()
        process.join()
    assert indices_of(stream.loader(SIZE)) == list(range(2, COUNT))


NOISE = [
    b"p", b"\xff" * 40, b"p\0\0\0\0", b"p\1\0\0\0\xff\0\0\0\0\0\0\0", b"m\1\0\0\0", b"s\1\0\0\0",
]  # fmt: skip


def test_whoever_does_not_know_the_secret_is_given_nothing(stream):
    dataset = stream.dataset()
    stranger = Customer(Address(dataset._address.name, "0" * 32), (0, 0))
    with pytest.raises(EnvironmentClosed):
        list(stranger.samples())
    stranger.close()
    for noise in NOISE:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as babbler:
            babbler.connect(dataset._address.name)
            babbler.send(noise)
            babbler.shutdown(socket.SHUT_WR)
            assert babbler.recv(100) == b""
    assert len(indices_of(DataLoader(dataset, SIZE, collate_fn=collate))) == COUNT


def test_whoever_says_to_have_taken_what_it_never_had_is_given_nothing_more(stream):
    dataset = stream.dataset()
    liar = Customer(dataset._address, (0, 0))
    first = next(liar.samples())
    liar.take(msgspec.structs.replace(first, index=7))
    with pytest.raises(EnvironmentClosed):
        list(liar.samples())
    liar.close()
    assert indices_of(DataLoader(dataset, SIZE, collate_fn=collate)) == list(range(COUNT))


def test_a_stream_that_is_closed_is_an_error_for_its_consumers(stream):
    dataset = stream.dataset()
    customer = Customer(dataset._address, (0, 0))
    samples = customer.samples()
    next(samples)
    stream.close()
    with pytest.raises(EnvironmentClosed, match="stream is closed"):
        list(samples)
    customer.close()


def test_consumers_of_a_dataset_that_is_gone_are_told(stream):
    dataset = stream.dataset()
    address = dataset._address
    customer = Customer(address, (0, 0))
    samples = customer.samples()
    next(samples)
    del dataset
    with pytest.raises(EnvironmentClosed, match="Keep both"):
        next(samples)
    with pytest.raises(EnvironmentClosed, match="Keep both"):
        Customer(address, (0, 0))
    customer.close()
