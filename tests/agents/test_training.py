"""Training makes runs that can be looked at, evaluated and made again."""

from __future__ import annotations

import dataclasses
import json

import gymnasium as gym
import numpy as np
import pytest
from drawn import coloured_share
from moviepy import VideoFileClip
from PIL import Image, ImageSequence
from stable_baselines3 import SAC

from blendgym.agents.algorithms import load_model
from blendgym.agents.evaluation import EVALUATION_SEED, evaluate, play, record_video
from blendgym.agents.plots import plot_learning_curve
from blendgym.agents.recipes import Recipe, recipe_for
from blendgym.agents.run_folder import RunFolder
from blendgym.agents.training import train
from blendgym.agents.videos import write_video
from blendgym.cli import main
from blendgym.envs.cartpole.task import Cartpole
from blendgym.envs.pendulum.task import Pendulum
from blendgym.errors import BlendgymError, EvaluationFailed, InvalidOption, WriteFailed

SOLVED = (
    "BlendAcrobot-v0",
    "BlendBallPlate-v0",
    "BlendCartpole-v0",
    "BlendCartpoleSwingup-v1",
    "BlendPendulum-v0",
    "BlendPushT-v0",
    "BlendReacher-v0",
)
"""Whose recipes have been seen to solve them; of the others `blendgym bench solved` tells how far they come."""

TAB_BLUE = (31, 119, 180)
SHORT = Recipe(
    total_timesteps=600,
    num_envs=2,
    num_servers=1,
    learning_rate=1e-3,
    clip_range=0.2,
    hyperparameters={"n_steps": 128, "batch_size": 64, "n_epochs": 1},
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train("BlendCartpole-v0", SHORT, seed=7, root=tmp_path_factory.mktemp("runs"), progress=False)


def read(run, name):
    return json.loads((run.path / name).read_text())


def test_a_run_folder_records_what_the_run_was_made_from(run):
    assert read(run, "recipe.json")["seed"] == 7
    assert read(run, "recipe.json")["total_timesteps"] == 600
    assert read(run, "hello.json")["scene"] == "scene"
    assert "session" not in read(run, "hello.json")
    assert {"python", "blender", "blendgym", "torch"} <= set(read(run, "versions.json"))
    assert run.env_spec() == gym.spec("BlendCartpole-v0")


def test_a_run_folder_holds_model_curve_and_log(run):
    assert run.model.stat().st_size > 10_000
    assert coloured_share(run.learning_curve) > 0.0003
    assert list(run.tensorboard.rglob("events.out.tfevents.*"))


def test_a_run_can_be_evaluated_again_with_the_same_result(run):
    first, again = evaluate(run, episodes=3), evaluate(run, episodes=3)
    assert first == again == json.loads(run.evaluation.read_text())
    assert first["solved"] is False, "600 steps are not enough"
    assert first["mean_return"] == pytest.approx(sum(first["returns"]) / 3)
    assert first["mean_score"] == pytest.approx(Cartpole.scores(np.array(first["returns"])).mean())
    assert first["success_rate"] == 0.0


def test_episodes_that_are_played_side_by_side_are_those_that_are_played_alone(tmp_path):
    on_two = train("BlendCartpole-v0", dataclasses.replace(SHORT, num_servers=2), 3, tmp_path, progress=False)
    env, model = on_two.make_env(), load_model(on_two)
    alone = [play(env, model, EVALUATION_SEED + number).total for number in range(6)]
    env.close()
    assert evaluate(on_two, episodes=6)["returns"] == alone
    assert len(set(alone)) > 3
    with pytest.raises(InvalidOption, match="episodes is 0"):
        evaluate(on_two, episodes=0)


def test_the_same_seed_trains_the_same_policy(run, tmp_path):
    twin = train("BlendCartpole-v0", SHORT, seed=7, root=tmp_path, progress=False)
    other = train("BlendCartpole-v0", SHORT, seed=8, root=tmp_path, progress=False)
    assert evaluate(run, episodes=2)["returns"] == evaluate(twin, episodes=2)["returns"]
    assert [line.split(",")[:2] for line in run.monitor.read_text().splitlines()[2:]] == [
        line.split(",")[:2] for line in twin.monitor.read_text().splitlines()[2:]
    ]
    assert run.monitor.read_text().splitlines()[2:] != other.monitor.read_text().splitlines()[2:]


def test_an_interrupted_training_keeps_what_it_has(tmp_path, monkeypatch):
    from stable_baselines3 import PPO

    learn = PPO.learn

    def interrupted(self, total_timesteps, **arguments):
        learn(self, total_timesteps // 2, **arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(PPO, "learn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train("BlendCartpole-v0", SHORT, seed=0, root=tmp_path, progress=False)
    (folder,) = tmp_path.iterdir()
    assert RunFolder.existing(folder).learning_curve.is_file()


def test_a_folder_without_a_model_is_no_run(tmp_path):
    with pytest.raises(InvalidOption, match=r"there is no model\.zip in it"):
        RunFolder.existing(tmp_path)


def test_a_run_from_pixels_is_evaluated_and_filmed_as_it_was_trained(tmp_path):
    full = recipe_for("BlendCartpole-v0", "rgb")
    short = dataclasses.replace(
        full,
        total_timesteps=64,
        num_envs=1,
        num_servers=1,
        hyperparameters={**full.hyperparameters, "n_steps": 32, "batch_size": 32, "n_epochs": 2},
    )
    run = train("BlendCartpole-v0", short, seed=0, root=tmp_path, progress=False)
    assert run.env_spec().kwargs["obs_type"] == "rgb"
    assert read(run, "recipe.json")["frames"] == 3
    assert evaluate(run, episodes=1)["mean_return"] > 5
    assert record_video(run, width=160, height=120).stat().st_size > 1000


def test_parameters_are_drawn_while_it_trains_and_nominal_when_it_is_judged(run, tmp_path):
    heavy = dataclasses.replace(SHORT, randomize={"gravity": (24.0, 25.0)})
    heavily = train("BlendCartpole-v0", heavy, seed=7, root=tmp_path, progress=False)
    fallen, in_training = (len(folder.monitor.read_text().splitlines()) for folder in (run, heavily))
    assert in_training > 1.2 * fallen, "poles should fall more often under heavy gravity"
    assert "randomize" not in heavily.env_spec().kwargs


def test_the_learning_curve_of_negative_returns_is_in_the_picture(tmp_path):
    folder = RunFolder(tmp_path)
    episodes = "".join(f"{return_},200,{number}\n" for number, return_ in enumerate(np.linspace(-1900, -400, 100)))
    folder.monitor.write_text("#{}\nr,l,t\n" + episodes)
    plot_learning_curve(folder, "BlendPendulum-v0")
    picture = np.asarray(Image.open(folder.learning_curve).convert("RGB"), np.int64)
    columns_with_the_median = (np.abs(picture - TAB_BLUE).max(axis=-1) < 4).any(axis=0)
    assert columns_with_the_median.mean() > 0.5


def test_what_has_no_recipe_is_named_beside_what_has_one():
    with pytest.raises(
        InvalidOption,
        match=r"no recipe for 'BlendCartpole-v0' from depth; there are recipes for .*BlendCartpole-v0 from state",
    ):
        recipe_for("BlendCartpole-v0", "depth")


def test_a_run_of_sac_is_evaluated_by_what_it_has_trained(tmp_path):
    short = Recipe(300, 2, 1, 3e-3, "SAC", hyperparameters={"learning_starts": 100, "train_freq": 4})
    run = train("BlendPendulum-v0", short, seed=0, root=tmp_path, progress=False)
    model = load_model(run)
    assert isinstance(model, SAC)
    assert model.lr_schedule(0.1) == model.lr_schedule(1.0) == 3e-3
    result = evaluate(run, episodes=1)
    assert -2000 < result["mean_return"] < -100
    assert result["mean_score"] == pytest.approx(Pendulum.scores(np.array([result["mean_return"]]))[0])


@pytest.mark.parametrize(
    ("changes", "seed", "message"),
    [
        ({"algorithm": "DQN"}, 0, "is 'DQN'; expected one of 'PPO', 'SAC', 'DAgger'"),
        ({"randomize": ["gravty"]}, 0, "'gravty' is unknown"),
        ({"hyperparameters": {"gama": 0.9}}, 0, "hyperparameter 'gama', which PPO has not; it has batch_size, "),
        ({"total_timesteps": 0}, 0, "total_timesteps is 0; expected a positive integer"),
        ({}, -1, "seed is -1; expected an integer from 0 to 4,294,967,295"),
        ({}, 2**32, "seed is 4294967296"),
    ],
)
def test_what_cannot_be_trained_is_refused_and_leaves_no_run(tmp_path, changes, seed, message):
    with pytest.raises(BlendgymError, match=message):
        train("BlendCartpole-v0", dataclasses.replace(SHORT, **changes), seed, tmp_path, progress=False)
    assert not list(tmp_path.iterdir())


def test_a_place_where_no_folder_can_be_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InvalidOption, match=r"file/BlendCartpole-v0_.* cannot be made: Not a directory"):
        train("BlendCartpole-v0", SHORT, 0, tmp_path / "file", progress=False)


class Standing:
    """Balances the pole from its state."""

    def predict(self, observation, **_):
        gain = np.array([0.3, 0.6, 4.0, 1.0]) @ observation
        return np.clip([gain], -1, 1).astype(np.float32), None


def test_an_episode_is_a_success_by_its_last_step():
    env = gym.make("BlendCartpole-v0")
    assert play(env, Standing(), seed=0) == (500.0, True)
    assert play(env, Standing(), seed=0, parameters={"action.latency": 7, "gravity": 20.0}).success is False
    env.close()


@pytest.fixture(scope="module")
def seconds(run):
    """How long the first episode lasts that the run is judged by."""
    return evaluate(run, episodes=1)["mean_return"] / 50


@pytest.mark.filterwarnings("ignore:Setting the shape on a NumPy array")  # moviepy 2.2 with NumPy 2.5
@pytest.mark.parametrize("suffix", [".mp4", ".webp", ".gif"])
def test_an_episode_is_filmed_in_the_format_of_the_file(run, seconds, tmp_path, suffix):
    file = record_video(run, tmp_path / f"film{suffix}", width=64, height=48)
    if suffix == ".mp4":
        clip = VideoFileClip(str(file))
        assert (clip.size, clip.fps) == ([64, 48], 50)
        assert clip.duration == pytest.approx(seconds, abs=0.1)
        clip.close()
        return
    with Image.open(file) as animation:
        assert animation.size == (64, 48)
        shown = sum(frame.copy().info["duration"] for frame in ImageSequence.Iterator(animation)) / 1000
        assert shown == pytest.approx(seconds, abs=0.1)
        assert animation.info["loop"] == 0


def test_a_film_of_a_format_that_there_is_not_is_refused_before_anything_is_played(run, tmp_path):
    with pytest.raises(InvalidOption, match=r"'film\.avi'; expected a name that ends in \.mp4, \.webp, \.gif"):
        record_video(run, tmp_path / "film.avi")


def fill(file):
    """Lets what is written to a file go to a full disk."""
    file.with_name(f".{file.name}.part").symlink_to("/dev/full")


@pytest.mark.parametrize("suffix", [".mp4", ".webp", ".gif"])
def test_a_full_disk_leaves_the_film_that_was_there_and_no_part_of_another(tmp_path, suffix):
    frames = [*np.random.default_rng(0).integers(256, size=(20, 48, 64, 3), dtype=np.uint8)]
    file = tmp_path / f"film{suffix}"
    write_video(file, frames[:5], 25.0)
    before = file.read_bytes()
    fill(file)
    with pytest.raises(WriteFailed, match=rf"film\{suffix} could not be written: .*No space left on device") as failed:
        write_video(file, frames, 25.0)
    assert failed.type is EvaluationFailed
    assert file.read_bytes() == before
    assert [*tmp_path.iterdir()] == [file]


@pytest.mark.parametrize("full", ["evaluation.json", "film.gif"])
def test_a_full_disk_costs_an_evaluation_no_result(run, tmp_path, capsys, full):
    film = tmp_path / "film.gif"
    run.evaluation.write_text("before")
    fill(run.evaluation if full == run.evaluation.name else film)
    with pytest.raises(SystemExit, match="1"):
        main(["evaluate", str(run.path), "--episodes", "2", "--video", str(film), "--width", "64", "--height", "48"])
    told = capsys.readouterr()
    assert "over 2 episodes" in told.out
    assert "EvaluationFailed" in told.err
    assert "No space left on device" in told.err
    assert (run.evaluation.read_text() == "before") == (full == run.evaluation.name)
    assert not film.exists()


@pytest.mark.learning
@pytest.mark.parametrize("seed", [0, 1, 2], ids="seed{}".format)
@pytest.mark.parametrize("env_id", SOLVED)
def test_the_recipe_solves_the_environment(env_id, seed, tmp_path):
    folder = train(env_id, recipe_for(env_id), seed, tmp_path, progress=False)
    result = evaluate(folder, episodes=100)
    assert result["solved"], f"mean return {result['mean_return']:.1f}"
