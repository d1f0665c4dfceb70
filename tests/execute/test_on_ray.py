"""Work on a real Ray cluster of several nodes, of which some are killed in the middle."""

from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gymnasium as gym
import numpy as np
import psutil
import pytest
from places import HELPERS
from ray_nodes import Nodes, a_head
from small_studies import learned_teacher, run_of, study_of
from waiting import wait_for

from blendgym.agents.run_folder import RunFolder
from blendgym.cli import main
from blendgym.data import Stream
from blendgym.errors import (
    AccessDenied,
    BlenderNotFound,
    InvalidOption,
    NodesBusy,
    ServerDied,
    ServerError,
    ServerUnreachable,
)
from blendgym.execute.cluster import find_cluster
from blendgym.photographs.cup.arms import GROUPS
from blendgym.photographs.cup.renders import kept_renders
from blendgym.photographs.study import ONE, Blenders
from blendgym.studies.comparison import carry_out
from blendgym.studies.exams import Exam
from blendgym.studies.on_cluster import RunActor
from blendgym.studies.runs import execute, record_of
from blendgym.studies.study import StudyFolder

pytestmark = pytest.mark.cluster

PAGE = Path(__file__).parents[2] / "docs" / "cluster.md"
ENV_ID = "BlendCartpole-v0"
SEEN = {"passes": ("rgb", "segmentation"), "width": 32, "height": 24, "randomize": "all", "seed": 3, "count": 14}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Temporary files of the nodes."""
    return tmp_path_factory.mktemp("nodes")


@pytest.fixture(scope="module")
def nodes(folder):
    """A cluster with one node, which has two processors; nothing of it is left in the end."""
    nodes = Nodes(PYTHONPATH=str(HELPERS), TMPDIR=str(folder), ASLEEP=str(folder / "asleep"))
    try:
        nodes.add()
        yield nodes
    finally:
        all_processes = psutil.Process().children(recursive=True)
        nodes.end()
    assert psutil.wait_procs(all_processes, timeout=30)[1] == []


def blenders():
    """Those that nodes have launched."""
    return [each for each in psutil.Process().children(recursive=True) if is_blender(each)]


def is_blender(process):
    try:
        return "server/__main__.py" in str(process.cmdline()) and process.ppid() != os.getpid()
    except psutil.NoSuchProcess:  # Also of one that is dead, and that nobody has asked for its end yet.
        return False


def step_until_told(envs):
    """Steps until an error is told."""
    while True:
        _, _, _, truncated, infos = envs.step(envs.action_space.sample())
        if "error" in infos:
            return truncated, infos["error"]


def test_a_study_goes_on_when_a_node_is_lost_and_has_the_results_of_this_machine(nodes, folder, tmp_path, monkeypatch):
    asleep = folder / "asleep"
    monkeypatch.setenv("ASLEEP", str(asleep))
    monkeypatch.syspath_prepend(HELPERS)
    monkeypatch.chdir(tmp_path)  # where no node looks for the learned teacher
    learned_teacher(Path("teacher.npz"), 0.1)
    there, here = StudyFolder(tmp_path / "there"), StudyFolder(tmp_path / "here")
    study = study_of("study_arms:Sleeps", "study_arms:Dies", "study_arms:Raises", "teacher.npz", seeds=(0,))
    with ThreadPoolExecutor() as pool:
        outcome = pool.submit(carry_out, there, study, processes=1, execute=nodes.execute)
        wait_for(asleep.exists)
        kept, interrupted, *_ = there.jobs(study)
        wait_for(lambda: record_of(interrupted.folder))
        process, written = int(asleep.read_text()), (kept.folder / "run.json").stat().st_mtime_ns
        nodes.replace()
        failed = {record.arm: record.error for record in outcome.result()[0].failed}
    assert failed == {
        "study_arms:Dies": "The process of the run was killed by SIGKILL (perhaps by the kernel, out of memory).",
        "study_arms:Raises": "ArithmeticError: the teacher has lost its way",
    }
    assert (kept.folder / "run.json").stat().st_mtime_ns == written
    assert int(asleep.read_text()) != process
    assert not psutil.pid_exists(process)
    here.declare(study)
    Exam.load(there.exam).save(here.exam)
    for done in (interrupted, there.jobs(study)[-1]):
        again = done._replace(study=here.path)
        execute(again, lambda steps: None)
        for file in ("results.npz", "student.npz"):
            assert (done.folder / file).read_bytes() == (again.folder / file).read_bytes()


def played(envs):
    first, _ = envs.reset(seed=3)
    envs.action_space.seed(0)
    return [first, *(envs.step(envs.action_space.sample())[0] for _ in range(5))]


def test_environments_on_a_node_are_those_of_this_machine_and_nobody_else_gets_in(nodes):
    envs = gym.make_vec(ENV_ID, num_envs=2, execute=nodes.execute)
    local = gym.make_vec(ENV_ID, num_envs=2)
    try:
        np.testing.assert_array_equal(played(envs), played(local))
        address = envs.unwrapped._hosts[0]._links[0].server.endpoint
        stranger = gym.make(ENV_ID, address=address, deadlines={"start": 5.0})
        with pytest.raises((AccessDenied, ServerUnreachable), match="asks for keys"):
            stranger.reset()
        stranger.close()
        assert len(blenders()) == 1
    finally:
        envs.close()
        local.close()
    assert blenders() == []


def test_a_cluster_has_many_names_and_the_one_that_this_process_is_connected_to_goes_first(nodes, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "192.0.2.77:6379")
    find_cluster(nodes.execute).connect()
    port = nodes.execute.rpartition(":")[2]
    for name in ("ray", f"ray:127.0.0.1:{port}", f"ray:localhost:{port}", f"ray:[::1]:{port}"):
        find_cluster(name).connect()
    for other in (f"ray:192.0.2.77:{port}", "ray:127.0.0.1:9"):
        with pytest.raises(InvalidOption, match="is connected to the Ray cluster at"):
            find_cluster(other).connect()


def in_a_fork(env, execute):
    """What a fork is told that uses an environment of its parent, one of its own, and closes both."""
    told = []
    for attempt in (lambda: env.step(env.action_space.sample()), lambda: gym.make(ENV_ID, execute=execute).reset()):
        try:
            attempt()
        except (InvalidOption, ServerError) as error:
            told.append(str(error))
    env.close()
    return told


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_fork_is_told_so_and_its_parent_goes_on(nodes):
    env = gym.make(ENV_ID, execute=nodes.execute)
    try:
        env.reset(seed=0)
        receiver, sender = multiprocessing.Pipe(duplex=False)
        fork = multiprocessing.get_context("fork").Process(
            target=lambda: sender.send(in_a_fork(env.unwrapped, nodes.execute))
        )
        fork.start()
        assert receiver.poll(60.0)
        of_parent, own = receiver.recv()
        fork.join(60.0)
        assert fork.exitcode == 0
        assert "after a fork" in of_parent
        assert "context='spawn'" in own
        env.step(env.action_space.sample())
        another = gym.make(ENV_ID, execute=nodes.execute)
        another.reset()
        another.close()
    finally:
        env.close()


LEAVES = """
import sys
import gymnasium as gym, ray
import blendgym
from blendgym.errors import ServerError

env, other = (gym.make("BlendCartpole-v0", execute=sys.argv[1]) for _ in range(2))
env.reset()
other.reset()
ray.shutdown()
try:
    env.step(env.action_space.sample())
except ServerError as error:
    print(error)
other.close()
assert not ray.is_initialized()
env.reset()
env.step(env.action_space.sample())
env.close()
"""


def test_a_process_that_has_left_the_cluster_is_told_so_and_may_come_back(nodes):
    done = subprocess.run(
        [sys.executable, "-c", LEAVES, nodes.execute], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "This process has left the Ray cluster" in done.stdout


TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "ab" * 32}

FROM_OUTSIDE = """
import sys
import gymnasium as gym, ray
import blendgym
from blendgym.errors import InvalidOption

ray.init(sys.argv[1])
try:
    gym.make("BlendCartpole-v0", execute="ray").reset()
except InvalidOption as error:
    print(error)
"""


def test_ray_client_is_told_to_work_on_a_machine_of_the_cluster():
    with a_head(**TOKEN) as (_, address):
        command = [sys.executable, "-c", FROM_OUTSIDE, address]
        done = subprocess.run(command, env=os.environ | TOKEN, capture_output=True, text=True, timeout=120, check=False)
    assert "This process is connected by Ray Client (ray://)" in done.stdout, done.stderr


def test_a_cluster_that_asks_for_a_token_says_so():
    script = "import sys; from blendgym.execute.ray_connection import connect; connect(sys.argv[1])"
    with a_head(**TOKEN) as (address, _):
        command = [sys.executable, "-c", script, address]
        subprocess.run(command, env=os.environ | TOKEN, timeout=120, check=True)
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "ClusterNotFound: There is no Ray cluster at " in done.stderr
    assert "RAY_AUTH_MODE=token" in done.stderr


def test_a_server_that_is_given_up_while_it_starts_is_ended_without_a_word(nodes, capfd):
    env = gym.make(ENV_ID, execute=nodes.execute, deadlines={"start": 0.5})
    with pytest.raises(NodesBusy, match=r"close\(\) gives back"):
        env.reset()
    env.close()
    time.sleep(2.0)  # Ray tells of errors that nobody has taken a second later.
    assert "Unhandled" not in "".join(capfd.readouterr())
    assert blenders() == []


def test_renders_of_a_study_on_photographs_are_those_of_this_machine(nodes, tmp_path):
    there = kept_renders(tmp_path / "there", GROUPS, 5, 2, Blenders(1, nodes.execute))
    here = kept_renders(tmp_path / "here", GROUPS, 5, 2, ONE)
    np.testing.assert_array_equal(there.colours, here.colours)
    np.testing.assert_array_equal(there.masks, here.masks)


def test_a_training_has_its_blenders_on_nodes_and_its_folder_here(nodes, tmp_path):
    main(["train", ENV_ID, "--steps", "64", "--execute", nodes.execute, "-o", str(tmp_path)])
    (folder,) = map(RunFolder, tmp_path.iterdir())
    assert folder.training.is_file()
    assert folder.env_spec().kwargs["execute"] == nodes.execute


def test_episodes_on_a_node_that_is_lost_are_truncated_and_the_next_begin_on_another(nodes):
    envs = gym.make_vec(ENV_ID, num_envs=2, execute=nodes.execute, on_error="truncate")
    try:
        envs.reset(seed=0)
        (lost,) = blenders()
        nodes.replace()
        truncated, error = step_until_told(envs)
        assert truncated.all()
        assert set(error["code"]) == {ServerDied.code}
        _, rewards, _, _, infos = envs.step(envs.action_space.sample())  # begins the next episodes
        assert rewards.tolist() == [0.0, 0.0]
        assert "error" not in infos
        assert psutil.wait_procs([lost], timeout=30)[1] == []
        (blender,) = blenders()
        blender.kill()
        _, error = step_until_told(envs)
        assert "SIGKILL" in error["message"][0]
    finally:
        envs.close()
    assert blenders() == []


def test_a_stream_whose_node_is_lost_gives_the_samples_of_this_machine_in_their_order(nodes):
    with Stream(ENV_ID, **SEEN) as local:
        expected = list(local)
    with Stream(ENV_ID, producers=2, execute=nodes.execute, **SEEN) as stream:
        samples = [stream.take() for _ in range(2)]
        nodes.replace()
        while (sample := stream.take()) is not None:
            samples.append(sample)
        assert len(blenders()) == 2
    assert blenders() == []
    assert [sample.index for sample in samples] == list(range(14))
    for sample, same in zip(samples, expected, strict=True):
        assert sample.parameters == same.parameters
        for seen in ("rgb", "segmentation"):
            np.testing.assert_array_equal(sample.images[seen], same.images[seen])


def test_the_programs_of_the_page_run(nodes):
    for program in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL):
        exec(program, {})  # noqa: S102
    assert blenders() == []


def test_a_server_is_not_waited_for_for_ever_where_no_node_has_a_processor_for_it(nodes):
    busy = [find_cluster(nodes.execute).place(RunActor) for _ in range(2)]
    env = gym.make(ENV_ID, execute=nodes.execute, deadlines={"start": 2.0}, on_error="truncate")
    with pytest.raises(NodesBusy, match=r"one processor .*ray status"):
        env.reset()
    env.close()
    for handle in busy:
        handle.kill()


def test_what_a_node_lacks_is_said_where_an_environment_is_reset(nodes):
    env = gym.make(ENV_ID, execute=nodes.execute, blender="/no/blender")
    with pytest.raises(BlenderNotFound, match="/no/blender"):
        env.reset()
    env.close()


def test_a_run_fails_where_a_node_lacks_blendgym_and_says_what_is_missing(nodes, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['blendgym'] = None")
    nodes.replace(PYTHONPATH=str(tmp_path))
    folder = StudyFolder(tmp_path / "study")
    carry_out(folder, study_of(seeds=(0,)), processes=1, execute=nodes.execute)
    error = record_of(run_of(folder, "uniform")).error
    assert "ModuleNotFoundError: " in error
    assert "Install the same version" in error


def test_a_process_is_connected_to_one_cluster_at_a_time(nodes):
    with pytest.raises(InvalidOption, match=r"ray\.shutdown"):
        gym.make(ENV_ID, execute="ray:127.0.0.1:9").reset()
