"""Checkpoints of training: what a run needs to go on, and the callback that keeps it up to date."""

from __future__ import annotations

import io
import time
from contextlib import ExitStack
from typing import cast

import msgspec
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.monitor import ResultsWriter
from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm
from stable_baselines3.common.vec_env import VecEnv, VecMonitor, unwrap_vec_wrapper

from blendgym.agents.adaptive import AdaptiveVecEnv
from blendgym.agents.run_folder import RunFolder
from blendgym.errors import InvalidOption
from blendgym.files import atomically_written

CHECKPOINTS = 20
"""How many there are in a training, at equal distances."""

HEADER = 2
"""Lines before the first episode in a monitor's CSV."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a training has come.

    Args:
        steps: Of all environments together.
        episodes: That have ended by then.
        minutes: That it has taken.
    """

    steps: int
    episodes: int
    minutes: float


class Checkpoints(BaseCallback):
    """Keeps checkpoints of a run, between one rollout and the next, when what was learnt from the last one is in them.

    Args:
        folder: The folder of the run.
        total: Steps of the whole training.
        minutes: That the run had taken before.
    """

    def __init__(self, folder: RunFolder, total: int, minutes: float = 0.0) -> None:
        super().__init__()
        self._folder, self._total = folder, total
        self._begun = time.monotonic() - 60.0 * minutes
        self._kept = 0

    @property
    def minutes(self) -> float:
        """That the run has taken."""
        return (time.monotonic() - self._begun) / 60.0

    def keep(self, model: BaseAlgorithm) -> None:
        """Writes a checkpoint: teacher, model, replay buffer while there is more to learn, and how far it has come.

        Raises:
            OSError: If it cannot be written; the one before is as it was.
        """
        self._kept, envs = model.num_timesteps, cast("VecEnv", model.get_env())
        adaptive, monitor = unwrap_vec_wrapper(envs, AdaptiveVecEnv), unwrap_vec_wrapper(envs, VecMonitor)
        episodes = monitor.episode_count if monitor else 0
        progress = Progress(steps=model.num_timesteps, episodes=episodes, minutes=self.minutes)
        is_over = model.num_timesteps >= self._total
        with ExitStack() as files:  # Their places are taken when all of them are written, from the last to the first.
            files.enter_context(atomically_written(self._folder.checkpoint)).write_bytes(msgspec.json.encode(progress))
            files.enter_context(atomically_written(self._folder.model)).write_bytes(_saved(model))
            if not is_over and isinstance(model, OffPolicyAlgorithm) and model.replay_buffer is not None:
                model.save_replay_buffer(files.enter_context(atomically_written(self._folder.replay_buffer)))
            if adaptive:
                adaptive.save(files.enter_context(atomically_written(self._folder.teacher)))
        if is_over:  # Until now, the checkpoint before this one needed it.
            self._folder.replay_buffer.unlink(missing_ok=True)

    def _on_training_start(self) -> None:
        self._kept = self.model.num_timesteps

    def _on_rollout_start(self) -> None:
        if self.model.num_timesteps >= self._kept + self._total // CHECKPOINTS:
            self.keep(self.model)

    def _on_step(self) -> bool:
        return True


def _saved(model: BaseAlgorithm) -> bytes:
    """A model as the content of its file: torch's own writer says nothing of a full disk but "unexpected pos"."""
    content = io.BytesIO()
    model.save(content)
    return content.getvalue()


def progress_of(folder: RunFolder) -> Progress:
    """How far a run had come at its last checkpoint.

    Raises:
        InvalidOption: If it has none.
    """
    try:
        return msgspec.json.decode(folder.checkpoint.read_bytes(), type=Progress)
    except (OSError, msgspec.DecodeError) as error:
        raise InvalidOption(f"{folder.path} has no checkpoint to go on from: {error}.") from error


def restore_envs(folder: RunFolder, envs: VecEnv, progress: Progress) -> None:
    """Gives environments their teacher back, and goes on with the record of episodes where the checkpoint was."""
    adaptive, monitor = unwrap_vec_wrapper(envs, AdaptiveVecEnv), unwrap_vec_wrapper(envs, VecMonitor)
    if adaptive:
        adaptive.load(folder.teacher)
    if not monitor:
        return
    lines = folder.monitor.read_text().splitlines(keepends=True) if folder.monitor.exists() else []
    with atomically_written(folder.monitor) as part:
        part.write_text("".join(lines[: HEADER + progress.episodes]))
    monitor.results_writer = ResultsWriter(str(folder.monitor), override_existing=False)
    monitor.episode_count = progress.episodes
