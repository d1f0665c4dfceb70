"""Teachers in the training loops of stable-baselines3."""

from __future__ import annotations

from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv, unwrap_vec_wrapper

from blendgym.agents.adaptive import AdaptiveVecEnv, adaptive_teacher_of, task_class_of
from blendgym.agents.episode_feedback import EpisodeFeedback
from blendgym.agents.students.student import require_scores
from blendgym.errors import InvalidOption
from blendgym.parameters import ParameterSpace
from blendgym.teachers.teacher import Teacher, check_teacher


class CurriculumCallback(BaseCallback):
    """Lets a teacher choose the parameters of episodes: ``model.learn(steps, callback=CurriculumCallback(...))``.

    The teacher is told of the episodes that have ended after each rollout, and updated. What it says about itself is
    logged as ``curriculum/…``. Episodes that have begun before the teacher came are left out. stable-baselines3 learns
    from every episode, so teachers cannot hold any back (``trains=False``). Environments that adapt by themselves
    (``randomize="adaptive"``) keep their teacher, and are logged.

    Args:
        teacher: A teacher of as many dimensions as there are parameters. Default: that of ``randomize="adaptive"``, for
            what the environments randomize.
        space: The parameters that it chooses. Default: those that the environments randomize.

    Raises:
        InvalidOption: If there is a space without a teacher, or the numbers of dimensions differ; in ``learn``, if the
            environments are not blendgym's, the task does not say what its returns are worth, which all but the default
            teacher need, if there is nothing to choose, or the environments have a teacher of their own.
    """

    def __init__(self, teacher: Teacher | None = None, space: ParameterSpace | None = None) -> None:
        super().__init__()
        if teacher is not None:
            check_teacher(teacher)
        if not isinstance(space, ParameterSpace | None):
            raise InvalidOption(f"The space is {space!r:.80}; expected a ParameterSpace, such as select(…) gives.")
        if teacher is None and space is not None:
            raise InvalidOption("A space comes with its teacher; without both, what is randomized is taught.")
        if teacher is not None and space is not None:
            _check_dimensions(teacher, space)
        self.teacher, self.space = teacher, space
        self._taught: VecEnv | None = None
        self._feedback: EpisodeFeedback | None = None

    def _on_training_start(self) -> None:
        if self._taught is self.training_env:
            return
        self._taught = self.training_env
        adaptive = unwrap_vec_wrapper(self._taught, AdaptiveVecEnv)
        if adaptive is None:
            self._feedback = self._begin(self._taught)
            return
        if self.teacher not in (None, adaptive.teacher):
            raise InvalidOption('randomize="adaptive" has its own teacher; for another, name only what is randomized.')
        self.teacher, self._feedback = adaptive.teacher, None

    def _begin(self, envs: VecEnv) -> EpisodeFeedback:
        if self.teacher is None:
            self.space, self.teacher = adaptive_teacher_of(envs)
        else:
            require_scores(task_class_of(envs))
        space = self.space or envs.get_attr("randomized")[0]
        _check_dimensions(self.teacher, space)
        return EpisodeFeedback(envs, self.teacher, space)

    def _on_step(self) -> bool:
        if self._feedback:
            self._feedback.take_down(self.locals["dones"], self.locals["infos"])
        return True

    def _on_rollout_end(self) -> None:
        if self._feedback and (episodes := self._feedback.teach()):
            self.logger.record("curriculum/success", float(episodes.successes.mean()))
        for name, figure in self.teacher.describe().items() if self.teacher else ():
            self.logger.record(f"curriculum/{name}", figure)


def _check_dimensions(teacher: Teacher, space: ParameterSpace) -> None:
    if teacher.dimensions != len(space):
        raise InvalidOption(f"The teacher has {teacher.dimensions} dimensions, the space {len(space)}.")
