"""The folder of a training run: everything that is needed to run it again, and everything that came of it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import gymnasium as gym
import msgspec
from gymnasium.envs.registration import EnvSpec

from blendgym.agents.frames import stack_frames
from blendgym.agents.recipes import Recipe
from blendgym.errors import InvalidOption
from blendgym.files import write_whole
from blendgym.wire.messages import Welcome

RECORDED_PACKAGES = ("blendgym", "gymnasium", "numpy", "pyzmq", "stable_baselines3", "torch")


class RunFolder:
    """Paths of a run's files, and the writing of its record.

    Args:
        path: The folder; made if it does not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.model = path / "model.zip"
        self.monitor = path / "0.monitor.csv"
        self.learning_curve = path / "learning_curve.png"
        self.evaluation = path / "evaluation.json"
        self.tensorboard = path / "tensorboard"
        self.training = path / "training.json"
        self.video = path / "video.mp4"
        self.teacher = path / "teacher.json"
        self.replay_buffer = path / "replay_buffer.pkl"
        self.checkpoint = path / "checkpoint.json"

    @classmethod
    def new(cls, root: Path, env_id: str, seed: int) -> RunFolder:
        """Makes a folder that is named after environment, time and seed.

        Raises:
            InvalidOption: If it cannot be made.
        """
        name = f"{env_id.rpartition(':')[2]}_{datetime.now().astimezone():%Y-%m-%d_%H-%M-%S}_seed{seed}"
        path = root / name
        try:
            path.mkdir(parents=True)
        except OSError as error:
            raise InvalidOption(f"The run folder {path} cannot be made: {error.strerror}.") from error
        return cls(path)

    @classmethod
    def existing(cls, path: Path) -> RunFolder:
        """The folder of a run that has been trained.

        Raises:
            InvalidOption: If there is no model in it.
        """
        folder = cls(path)
        if not folder.model.is_file():
            raise InvalidOption(f"{path} is no run folder: there is no {folder.model.name} in it.")
        return folder

    def record(self, spec: EnvSpec, welcome: Welcome, recipe: Recipe, seed: int) -> None:
        """Writes what the run is made from: environment, server, recipe, seed, versions."""
        self._write("env_spec.json", json.loads(spec.to_json()))
        self._write("hello.json", msgspec.to_builtins(welcome))
        self._write("recipe.json", {"seed": seed, **asdict(recipe)})
        self._write("versions.json", _versions(welcome))

    def record_training(self, steps: int, minutes: float) -> None:
        """Writes, when training has come to its end, how long it took and on which machine."""
        self._write(self.training.name, {"steps": steps, "minutes": round(minutes, 4), **_machine()})

    def env_spec(self) -> EnvSpec:
        """The environment that was trained."""
        return EnvSpec.from_json((self.path / "env_spec.json").read_text())

    def recipe(self) -> dict[str, Any]:
        """How it was trained: the fields of a ``Recipe``, and the ``seed``."""
        return dict(json.loads((self.path / "recipe.json").read_text()))

    def make_env(self, **arguments: Any) -> gym.Env[Any, Any]:
        """The environment as the policy sees it.

        Args:
            arguments: Further ones of ``gym.make``.
        """
        return stack_frames(gym.make(self.env_spec(), **arguments), self.recipe()["frames"])

    def _write(self, name: str, content: Any) -> None:
        text = json.dumps(content, indent=2, default=lambda cls: cls.__name__) + "\n"
        write_whole(self.path / name, text.encode())


def _machine() -> dict[str, Any]:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {"processor": models[0] if models else platform.machine(), "cores": len(os.sched_getaffinity(0))}


def _versions(welcome: Welcome) -> dict[str, str]:
    packages = {name: importlib.metadata.version(name) for name in RECORDED_PACKAGES}
    system = {"python": platform.python_version(), "platform": platform.platform()}
    return {**system, "blender": welcome.blender, **packages}
