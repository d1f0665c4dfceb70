"""``randomize="adaptive"``: environments of stable-baselines3 whose parameters follow the student."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from stable_baselines3.common.vec_env import VecEnv, VecEnvWrapper
from stable_baselines3.common.vec_env.base_vec_env import VecEnvObs, VecEnvStepReturn

from blendgym.agents.episode_feedback import EpisodeFeedback
from blendgym.errors import InvalidOption
from blendgym.files import atomically_written
from blendgym.parameters import ParameterSpace
from blendgym.parameters.selection import ADAPTIVE, Selection
from blendgym.parameters.specs import PHYSICAL, ParameterSpec
from blendgym.registry import registered_spec, room_of_task
from blendgym.task import Task
from blendgym.teachers import Teacher
from blendgym.teachers.adaptive import adaptive_teacher, outcomes_of
from blendgym.teachers.plain_states import UNREADABLE, packed, unpacked

EPISODES_PER_UPDATE = 40
"""As many as the level of the teacher's model remembers."""


class _Saved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is saved.

    Args:
        parameters: What the teacher draws.
        outcomes: What it counts.
        state: Its state, packed.
    """

    parameters: list[ParameterSpec]
    outcomes: str
    state: Any


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
        self._parameters = [each.spec for each in self.space.values()]
        self._outcomes = outcomes_of(task_class_of(envs))
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
        saved = _Saved(self._parameters, self._outcomes, packed(self.teacher.state_dict()))
        with atomically_written(Path(file)) as part:
            part.write_bytes(msgspec.json.encode(saved))

    def load(self, file: Path | str) -> None:
        """Goes on from what ``save`` wrote, with the episodes that begin from now on.

        Raises:
            InvalidOption: If it is no such file, or was written where other parameters were drawn or another outcome
                counts; nothing has changed then.
        """
        try:
            saved = msgspec.json.decode(Path(file).read_bytes(), type=_Saved)
            state = unpacked(saved.state)
        except UNREADABLE as error:
            raise InvalidOption(f"{file} holds no state of a teacher: {error}") from error
        self._require_same(file, saved)
        try:
            self.teacher.load_state_dict(state)
        except InvalidOption as error:
            raise InvalidOption(f"{file}: {error}") from error
        self._feedback.forget()

    def _require_same(self, file: Path | str, saved: _Saved) -> None:
        theirs, mine = ({each.name: each for each in specs} for specs in (saved.parameters, self._parameters))
        if list(theirs) != list(mine):
            raise InvalidOption(
                f"{file} is of a teacher of {', '.join(theirs)}; these environments draw {', '.join(mine)}."
            )
        for name, spec in mine.items():
            if theirs[name] != spec:
                raise InvalidOption(f"{file} is of a teacher with another {name}: {theirs[name]}; here it is {spec}.")
        if saved.outcomes != self._outcomes:
            raise InvalidOption(
                f"{file} is of a teacher that counts {saved.outcomes}; here it counts {self._outcomes}."
            )


def adaptive_teacher_of(envs: VecEnv) -> tuple[ParameterSpace, Teacher]:
    """The parameters that environments of blendgym randomize, and the default teacher of these.

    Raises:
        InvalidOption: If they are not blendgym's, or randomize nothing.
    """
    task = task_class_of(envs)
    space: ParameterSpace = envs.get_attr("randomized")[0]
    if not space:
        raise InvalidOption(
            "Nothing is randomized, so there is nothing to adapt; make the environments with randomize=, or declare "
            "parameters of the task."
        )
    return space, adaptive_teacher(space, outcomes_of(task))


def task_class_of(envs: VecEnv) -> type[Task]:
    """The class of the task of environments of blendgym.

    Raises:
        InvalidOption: If they are others, whose parameters nobody knows.
    """
    try:
        task = envs.get_attr("task")[0]
    except (AttributeError, EOFError, ConnectionError):  # In a process of its own it ends at what it lacks.
        task = None
    if not isinstance(task, Task):
        raise InvalidOption(
            "A teacher chooses the parameters of environments of blendgym; these are others, which declare none. Make "
            "them with blendgym.agents.make_vec_env, or as a task of your own: blendgym new."
        )
    return type(task)


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

    Raises:
        InvalidOption: If the environment has no task, such as one of another package.
    """
    task = registered_spec(env_id).kwargs.get("task")
    if task is None:
        raise InvalidOption(
            f'{env_id} has no task, and so no parameters that randomize="adaptive" could adapt; `blendgym list` shows '
            "environments that have some."
        )
    if isinstance(randomize, list | tuple) and (others := [word for word in randomize if word != ADAPTIVE]):
        return others
    room = room_of_task(task)
    domain = room.part("domain") if room else None
    return {name: list(span) for name, span in domain.RANGES.items()} if domain else PHYSICAL
