"""``randomize="adaptive"``: environments of stable-baselines3 whose parameters follow the student."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stable_baselines3.common.vec_env import VecEnv, VecEnvWrapper
from stable_baselines3.common.vec_env.base_vec_env import VecEnvObs, VecEnvStepReturn

from blendgym.agents.episode_feedback import EpisodeFeedback
from blendgym.errors import InvalidOption
from blendgym.files import atomically_written
from blendgym.parameters import ParameterSpace
from blendgym.parameters.selection import ADAPTIVE, Selection
from blendgym.parameters.specs import PHYSICAL
from blendgym.registry import registered_spec, room_of_task
from blendgym.teachers import Teacher
from blendgym.teachers.adaptive import adaptive_teacher, outcomes_of
from blendgym.teachers.plain_states import packed, unpacked

EPISODES_PER_UPDATE = 40
"""As many as the level of the teacher's model remembers."""


class AdaptiveVecEnv(VecEnvWrapper):
    """Draws the parameters of each episode where the student passes about every fifth time, a fifth of them uniformly.

    The teacher is a ``Frontier`` over a uniform floor, and knows nothing but the episodes that are played anyway:
    ``blendgym.teachers.adaptive``. Until it has heard of 300 it is uniform. It learns in each environment that it is
    around, so evaluate in others, made with ``randomize=`` set to what is to be asked.

    Args:
        envs: Environments of blendgym that randomize something, with a monitor around them.

    Attributes:
        teacher: Chooses the parameters; ``describe()`` says what it makes of the student.

    Raises:
        InvalidOption: If nothing is randomized.
    """

    def __init__(self, envs: VecEnv) -> None:
        super().__init__(envs)
        self.space, self.teacher = adaptive_teacher_of(envs)
        self._feedback = EpisodeFeedback(envs, self.teacher, self.space)

    def reset(self) -> VecEnvObs:
        """Begins an episode in every environment."""
        observations = self.venv.reset()
        self._feedback.begin_anew()
        return observations

    def step_wait(self) -> VecEnvStepReturn:
        """Waits for what actions led to; now and then the teacher adapts."""
        observations, rewards, dones, infos = self.venv.step_wait()
        self._feedback.take_down(dones, infos)
        if self._feedback.count >= EPISODES_PER_UPDATE:
            self._feedback.teach()
        return observations, rewards, dones, infos

    def save(self, file: Path | str) -> None:
        """Writes what the teacher knows of all episodes so far, as JSON; the model is saved beside it, as always."""
        self._feedback.tell()
        with atomically_written(Path(file)) as part:
            part.write_text(json.dumps(packed(self.teacher.state_dict())))

    def load(self, file: Path | str) -> None:
        """Goes on from what ``save`` wrote, with the episodes that begin from now on.

        Raises:
            InvalidOption: If it is no such file, or that of a teacher of another number of parameters.
        """
        try:
            state: Any = unpacked(json.loads(Path(file).read_text(encoding="utf-8")))
            self.teacher.load_state_dict(state)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidOption(f"{file} holds no state of a teacher: {error!r}.") from error


def adaptive_teacher_of(envs: VecEnv) -> tuple[ParameterSpace, Teacher]:
    """The parameters that environments of blendgym randomize, and the default teacher of these.

    Raises:
        InvalidOption: If they randomize nothing.
    """
    space: ParameterSpace = envs.get_attr("randomized")[0]
    if not space:
        raise InvalidOption(
            "Nothing is randomized, so there is nothing to adapt; make the environments with randomize=, or declare "
            "parameters of the task."
        )
    return space, adaptive_teacher(space, outcomes_of(type(envs.get_attr("task")[0])))


def is_adaptive(randomize: Selection) -> bool:
    """Whether a selection asks for draws that follow the student."""
    return randomize == ADAPTIVE or (isinstance(randomize, list | tuple) and ADAPTIVE in randomize)


def adaptive_selection(env_id: str, randomize: Selection) -> Selection:
    """What an adaptive selection randomizes: what it names besides, or else what the environment's studies do.

    Args:
        env_id: Id of the environment, in Blender or of a twin.
        randomize: ``"adaptive"``, or a list with it.

    Returns:
        The other names; without any, the ranges of the ``domain.py`` of its room; without these, ``"physical"``.
    """
    if isinstance(randomize, list | tuple) and (others := [word for word in randomize if word != ADAPTIVE]):
        return others
    room = room_of_task(registered_spec(env_id).kwargs.get("task", ""))
    domain = room.part("domain") if room else None
    return {name: list(span) for name, span in domain.RANGES.items()} if domain else PHYSICAL
