"""A stream: sample i is a function of seed, index and version alone; nothing is lost, nothing comes twice."""

from __future__ import annotations

import copy
import itertools
import math
import multiprocessing
import os
import pickle
import signal
import threading
import time

import numpy as np
import pytest
from recorded import bits
from scenarios import FALLEN, SILENT, Silent
from torch.utils.data import DataLoader

from blendgym.data.streams.stream import Stream
from blendgym.errors import EnvironmentClosed, InvalidOption, InvalidParameter, NotCopyable, RenderError, SampleTimeout

SMALL = {"width": 32, "height": 24, "ahead": 2}


def stream_of(scenario=SILENT, **arguments):
    return Stream(scenario, **{**SMALL, **arguments})


@pytest.fixture(scope="module")
def undisturbed():
    """The first samples of a stream of one producer."""
    with stream_of(FALLEN, seed=5, randomize="all") as stream:
        return list(itertools.islice(stream, 12))


def kill_now_and_then(stream, times, is_over):
    for _ in range(times):
        if is_over.wait(0.4):
            return
        for producer in stream._producers:
            if producer.pid:
                os.kill(producer.pid, signal.SIGKILL)
                break


@pytest.mark.parametrize("producers", [2, pytest.param(3, marks=pytest.mark.long)])
def test_samples_are_bit_equal_whoever_makes_them_and_whoever_is_killed(undisturbed, producers):
    is_over = threading.Event()
    with stream_of(FALLEN, seed=5, randomize="all", producers=producers, max_failures=9, max_restarts=99) as stream:
        first = stream.take("early")
        stream.put_back("early")
        killer = threading.Thread(target=kill_now_and_then, args=(stream, 4, is_over))
        killer.start()
        samples = list(itertools.islice(stream, 12))
        is_over.set()
        killer.join()
    assert bits(first) == bits(undisturbed[0])
    assert [sample.index for sample in samples] == list(range(12))
    assert bits(tuple(samples)) == bits(tuple(undisturbed))


def test_samples_differ_from_each_other_and_with_the_seed(undisturbed):
    with stream_of(FALLEN, seed=6, randomize="all") as stream:
        other = stream.take()
    seeds = {sample.seed for sample in (*undisturbed, other)}
    assert len(seeds) == 13
    assert len({sample.images["rgb"].tobytes() for sample in (*undisturbed, other)}) == 13


def test_a_sample_has_what_the_scenario_says_and_all_of_its_views(undisturbed):
    sample = undisturbed[0]
    assert set(sample.labels) == {"crates", "highest", "tilts", "is_high"}
    assert sample.parameters["crates"] == sample.labels["crates"]
    assert {name: set(view.images) for name, view in sample.views.items()} == {
        "near": {"rgb", "segmentation"}, "far": {"depth"},
    }  # fmt: skip
    assert sample.views["far"].images["depth"].shape == (24, 32)
    assert sample.unit.shape == (2,)
    assert sample.log_probability == 0.0


def test_a_class_and_an_id_are_scenarios_too():
    with stream_of(Silent) as of_class, stream_of("BlendNextView-v0", passes=("depth",)) as of_id:
        assert of_class.take().images["rgb"].shape == (24, 32, 3)
        assert set(of_id.take().images) == {"depth"}


def test_each_pass_goes_on_behind_the_one_before():
    with stream_of(count=3, producers=2) as stream:
        assert len(stream) == 3
        assert [sample.index for sample in stream] == [0, 1, 2]
        assert stream.take() is None
        assert [sample.index for sample in itertools.islice(stream, 2)] == [3, 4]
        assert [sample.index for sample in stream] == [5]
        assert [sample.index for sample in stream] == [6, 7, 8]


def test_a_pass_is_repeated_if_it_should_be():
    with stream_of(count=2, repeat=True) as stream:
        assert bits(tuple(stream)) == bits(tuple(stream))


def test_ranks_share_all_indices_evenly():
    given = []
    for rank in range(2):
        with stream_of(count=6, rank=rank, world_size=2) as stream:
            given.append([sample.index for sample in stream])
    assert given == [[0, 2, 4], [1, 3, 5]]


def test_what_a_lost_owner_had_comes_again_and_what_is_confirmed_does_not():
    with stream_of(count=4) as stream:
        taken = [stream.take("lost") for _ in range(3)]
        stream.confirm([1])
        stream.confirm([1])
        stream.put_back("lost")
        again = list(stream)
    assert [sample.index for sample in again] == [0, 2, 3]
    assert bits(tuple(again[:2])) == bits((taken[0], taken[2]))


def test_nothing_can_be_confirmed_that_was_never_taken():
    with stream_of(count=4, rank=1, world_size=2) as stream:
        stream.take()
        for index in (0, 3, 77, -1):
            with pytest.raises(InvalidOption, match=f"Sample {index} was never taken here"):
                stream.confirm([index])


def test_a_slow_trainer_stalls_the_producers():
    with stream_of(producers=2) as stream:
        stream.take()
        limit = time.monotonic() + 60
        while len(stream._own._made) < 4 and time.monotonic() < limit:
            time.sleep(0.05)
        time.sleep(0.5)
        assert len(stream._own._made) == 4


def test_a_sample_that_is_not_ready_in_time_is_an_error_and_comes_later():
    with stream_of() as stream:
        with pytest.raises(SampleTimeout, match="within 0 s"):
            stream.take(timeout=0.0)
        assert stream.take().index == 0


def test_closing_ends_whoever_waits():
    stream = stream_of("scenarios:Fallen")
    threading.Timer(0.3, stream.close).start()
    with pytest.raises(EnvironmentClosed, match="the stream is closed|The stream is closed"):
        stream.take()
    stream.close()
    with pytest.raises(EnvironmentClosed):
        next(iter(stream))


@pytest.mark.parametrize(
    ("arguments", "kind", "says"),
    [
        ({"order": "random"}, InvalidOption, "order is 'random'; expected one of 'index', 'ready'"),
        ({"on_failure": "ignore"}, InvalidOption, "on_failure is 'ignore'; expected one of 'raise', 'skip'"),
        ({"producers": 0}, InvalidOption, "producers"),
        ({"count": "3"}, InvalidOption, "count is '3'; expected a positive integer"),
        ({"count": 0}, InvalidOption, "count is 0; expected a positive integer"),
        ({"seed": 1.5}, InvalidOption, "seed is 1.5; expected an integer"),
        ({"rank": "0"}, InvalidOption, "rank is '0'; expected an integer"),
        ({"world_size": 2.0}, InvalidOption, "world_size is 2.0; expected a positive integer"),
        ({"passes": "rgb"}, InvalidOption, "passes is 'rgb'; expected several names, such as"),
        ({"passes": 3}, InvalidOption, "passes is 3; expected several names"),
        ({"visibility": True, "keypoints": True}, InvalidOption, "camera_options={'visibility': …, 'keypoints': …}"),
        ({"count": 5, "world_size": 2}, InvalidOption, "count is 5; expected a multiple of world_size=2"),
        ({"rank": 2, "world_size": 2}, InvalidOption, "rank is 2 of world_size=2"),
        ({"repeat": True}, InvalidOption, "repeat=True needs a count"),
        ({"obs_type": "rgb"}, InvalidOption, "obs_type is for environments; of a stream, passes= and views= say"),
        ({"address": ["tcp://localhost:1", "tcp://localhost:2"]}, InvalidOption, "producers is 1, with 2 in address="),
        ({"randomize": ["gravty"]}, InvalidParameter, "gravty"),
        ({"passes": ["colour"]}, RenderError, "colour"),
        ({"views": {}}, RenderError, "views= is empty"),
        ({"wdith": 3}, InvalidOption, "wdith"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_launched(arguments, kind, says):
    with pytest.raises(kind, match=says):
        stream_of(**arguments)


@pytest.mark.parametrize(
    ("scenario", "says"),
    [
        (Silent(), r"an object of Silent; .*Stream\(Silent, …\)"),
        (3, "The scenario is 3; expected a cl"),
    ],
)
def test_what_is_no_scenario_is_refused_with_what_is_expected(scenario, says):
    with pytest.raises(InvalidOption, match=says):
        Stream(scenario)


def test_a_stream_is_neither_copied_nor_pickled_and_says_what_is_instead():
    stream = stream_of()
    for make in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(NotCopyable, match=r"cannot be copied or pickled. .*by stream.dataset\(\)"):
            make(stream)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
@pytest.mark.parametrize("use", [list, Stream.take, Stream.state_dict, lambda stream: stream.update("all")])
def test_a_fork_of_a_stream_is_an_error_and_does_not_wait_for_producers_that_it_does_not_have(use):
    stream, told = stream_of(FALLEN), multiprocessing.SimpleQueue()

    def tell():
        try:
            use(stream)
        except NotCopyable as error:
            told.put(str(error))
        os._exit(0)

    with stream._own._lock:  # As a thread may hold it when the process forks.
        child = multiprocessing.get_context("fork").Process(target=tell)
        child.start()
    child.join(10.0)
    child.kill()
    assert not told.empty()
    assert f"are in process {os.getpid()}" in told.get()


@pytest.mark.parametrize("timeout", [-1, math.nan, "3", True])
def test_a_timeout_that_is_no_time_is_refused(timeout):
    with pytest.raises(InvalidOption, match="timeout is .*; expected seconds, 0 or more"):
        stream_of().take(timeout=timeout)


def test_a_seed_of_numpy_is_the_same_seed():
    assert stream_of(seed=np.int64(3)).state_dict() == stream_of(seed=3).state_dict()


def test_a_data_loader_over_a_stream_itself_is_refused_with_what_it_takes_instead():
    with pytest.raises(InvalidOption, match=r"stream.loader\(\)(.|\n)*stream.dataset\(\)"):
        next(iter(DataLoader(stream_of(count=4), batch_size=2)))


def test_a_stream_without_an_end_has_no_length():
    with pytest.raises(TypeError, match="no end, and so no length"):
        len(stream_of())
