"""Every error that blendgym raises on purpose.

One tree, so that ``except BlendgymError`` catches all of them. Each class has a ``code``, the name under which it
crosses the wire, and can be pickled, so that it also crosses process borders (``AsyncVectorEnv``, ``SubprocVecEnv``).

Where one answer fits several of them, they have a base class of their own: ``WriteFailed`` for what a full disk does
not take, ``ServerError`` for a Blender process that fails, ``ClusterError`` for nodes of Ray, ``StreamError`` for a
sample or a batch that does not come.
"""

from __future__ import annotations

from typing import Any, ClassVar


class BlendgymError(Exception):
    """Base class of all errors of blendgym.

    Args:
        message: What was expected, what came, where, and what to do next.
        details: Facts for programs, by name; readable as ``error.details["name"]``.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details = details

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), str(self), self.details)


# The wire.


class MalformedMessage(BlendgymError):
    """A message on the wire does not have the form that the protocol gives it."""

    code = "malformed_message"


class ProtocolMismatch(BlendgymError):
    """Client and server speak different major versions of the protocol, or have different ideas of the task."""

    code = "protocol_mismatch"


class AccessDenied(BlendgymError):
    """A request came without the token of this launch, or without a session; or a server refuses a client's keys."""

    code = "access_denied"


class ServerBusy(BlendgymError):
    """A second client says hello to a server that already has a session."""

    code = "busy"


class InvalidKeys(BlendgymError):
    """A file of keys is missing, unreadable or no key, or would be overwritten."""

    code = "invalid_keys"


class UnsafeAddress(BlendgymError):
    """A server would listen to the network without keys."""

    code = "unsafe_address"


# What is declared or given.


class InvalidTask(BlendgymError):
    """The class of a task lacks an attribute or a method, misspells one, or gives one a wrong value."""

    code = "invalid_task"


class TaskNotFound(BlendgymError):
    """A task is named by something that cannot be imported, or that is no task."""

    code = "task_not_found"


class InvalidSpace(BlendgymError):
    """A space is declared with a shape, dtype or bounds that contradict each other."""

    code = "invalid_space"


class InvalidAction(BlendgymError, ValueError):
    """An action is not an element of the action space (shape, dtype, bounds, NaN), or there are too few or many."""

    code = "invalid_action"


class InvalidParameter(BlendgymError, ValueError):
    """A randomization parameter is unknown, of a wrong type or out of its bounds, or is declared inconsistently."""

    code = "invalid_parameter"


class ParameterNotInEffect(BlendgymError):
    """A randomization parameter was set, but another value was read back from the simulation."""

    code = "parameter_not_in_effect"


class InvalidOption(BlendgymError, ValueError):
    """An argument of an environment or a teacher, or an entry of ``reset(options=...)``, is unknown or wrong."""

    code = "invalid_option"


class UnknownArgument(InvalidOption, TypeError):
    """An environment is made with a keyword argument that it does not take; a ``TypeError``, as Python's own is."""

    code = "unknown_argument"


class InvalidMarks(BlendgymError):
    """What is marked in a ``.blend`` has another format, contradicts itself, or cannot be marked there."""

    code = "invalid_marks"


class TeacherNotFound(BlendgymError):
    """A teacher is named by something that is not registered, cannot be imported, or is no teacher."""

    code = "teacher_not_found"


class InvalidEpisodes(BlendgymError):
    """A teacher is given places or episodes of a wrong shape or type, outside of the cube, or not finite."""

    code = "invalid_episodes"


class InvalidStudy(BlendgymError):
    """A file of a study, or of its exam, is missing, malformed or not the one that was locked."""

    code = "invalid_study"


class StudyInUse(BlendgymError):
    """Another process works on the folder of a study."""

    code = "study_in_use"


class RunsFailed(BlendgymError):
    """Runs of a study on photographs have failed; what is finished is kept, and the same command tries them again."""

    code = "runs_failed"


class ExtraMissing(BlendgymError, ImportError):
    """An argument needs a package that is not installed; the message has the command that installs it."""

    code = "extra_missing"


# How environments are used.


class NotCopyable(BlendgymError, TypeError):
    """Something is copied or pickled that has servers of its own; the message says what to do instead."""

    code = "not_copyable"


class ResetNeeded(BlendgymError):
    """``step`` was called before the first ``reset``, after the end of an episode, or after a failure."""

    code = "reset_needed"


class CallOutOfOrder(BlendgymError):
    """``step_async`` and ``step_wait`` were not called in turns."""

    code = "call_out_of_order"


class EnvironmentClosed(BlendgymError):
    """An environment, a stream or a recording was used after ``close()``."""

    code = "closed"


class EnvironmentInServer(BlendgymError):
    """The module of a task makes an environment while it is imported, which a server of that task does, too."""

    code = "environment_in_server"


# Scenes, tasks and images.


class SceneNotFound(BlendgymError):
    """The scene of a task is neither a builder in ``blendgym.scenes`` nor a ``.blend`` file that exists."""

    code = "scene_not_found"


class SceneError(BlendgymError):
    """A scene lacks a body, joint, motor or camera that the task asks for, or has it in an unusable form."""

    code = "scene_error"


class TaskError(BlendgymError):
    """The code of a task raised an exception inside Blender; the message carries its traceback."""

    code = "task_error"


class SimulationDiverged(BlendgymError):
    """The physics produced a value that is not finite; the next ``reset`` starts afresh."""

    code = "simulation_diverged"


class RenderError(BlendgymError):
    """An image cannot be rendered as asked: camera, size, pass, engine or one of its options."""

    code = "render_error"


class AssetError(BlendgymError):
    """An image file that an appearance names is missing, damaged or no image."""

    code = "asset_error"


# What a machine lacks.


class SystemLibraryMissing(BlendgymError):
    """Blender needs a system library that this machine lacks; the message has the command that installs it."""

    code = "system_library_missing"


class BlenderNotFound(BlendgymError):
    """No Blender was found: neither the ``bpy`` wheel nor the one named by ``blender=`` or ``BLENDGYM_BLENDER``."""

    code = "blender_not_found"


class DeviceNotFound(BlendgymError):
    """Pictures are to be rendered on a GPU, and Blender finds none where it runs."""

    code = "device_not_found"


class DisplayNotFound(BlendgymError):
    """A window was asked for where there is no display to open it on."""

    code = "display_not_found"


class InstallationFailed(BlendgymError):
    """What a server needs cannot be installed into a Blender; the message has pip's last lines and its command."""

    code = "installation_failed"


# Servers.


class ServerError(BlendgymError):
    """Something is wrong with the server process rather than with a request."""

    code = "server_error"


class ServerStartError(ServerError):
    """The server process ended or stayed silent before it was ready."""

    code = "server_start_error"


class PackagesMissing(ServerError):
    """The Python of a Blender lacks packages that the server needs; the message has the command that installs them."""

    code = "packages_missing"


class ServerDied(ServerError):
    """The server process ended while it was needed; the message has its exit code or signal and its last log lines."""

    code = "server_died"


class ServerTimeout(ServerError):
    """A reply did not come within its deadline, although the server process is alive."""

    code = "server_timeout"


class RestartLimitReached(ServerError):
    """Servers failed one after the other, more often than ``max_restarts`` allows; the message has the first error."""

    code = "restart_limit_reached"


class ServerUnreachable(ServerError):
    """Nothing listens at the address of a server, or something that is no server."""

    code = "server_unreachable"


class SessionEnded(ServerError):
    """A request belongs to a session that the server has ended, or that it had before it was launched again."""

    code = "session_ended"


class ConnectionPoisoned(ServerError):
    """A connection was used again after a time-out, when a late reply could be taken for the answer."""

    code = "connection_poisoned"


# Clusters.


class ClusterError(BlendgymError):
    """Something is wrong with a cluster or a node of it rather than with what is done there."""

    code = "cluster_error"


class ClusterNotFound(ClusterError):
    """There is no cluster at an address, or it does not let this process in, as with another version of Ray."""

    code = "cluster_not_found"


class NodeLost(ClusterError):
    """A node of a cluster is gone on which something was being done, or the process there that did it."""

    code = "node_lost"


class NodesBusy(ServerStartError, ClusterError):
    """No node of a cluster had a ready server in time; most often each of its processors is taken."""

    code = "nodes_busy"


class NodeUnfit(ClusterError):
    """A node of a cluster lacks blendgym, or has another one, and cannot do what it is to do."""

    code = "node_unfit"


# Streams and their loaders.


class StreamError(BlendgymError):
    """A stream, or a loader of its samples, has nothing to give in this turn; see ``Stream`` for how it goes on."""

    code = "stream_error"


class SampleFailed(StreamError):
    """A sample of a stream could not be made, whichever producer tried; ``details`` have its ``index`` and ``seed``."""

    code = "sample_failed"


class SampleTimeout(StreamError):
    """No sample of a stream was ready within the time that was given."""

    code = "sample_timeout"


class TransformError(StreamError):
    """A transform or a collation of samples raised; the message has its traceback, ``details`` the ``indices``."""

    code = "transform_error"


class WorkerDied(StreamError):
    """Workers of a loader died, one after the other, over the same batch; ``details`` have its ``indices``."""

    code = "worker_died"


class WorkerTimeout(StreamError):
    """A worker of a loader did not make a batch in time; ``details`` have its ``indices`` and the worker's ``pid``."""

    code = "worker_timeout"


# Recordings and exports.


class InvalidRecording(BlendgymError):
    """A folder holds no recording, one of another format, or one of another scenario, seed or version."""

    code = "invalid_recording"


class RecordingDamaged(BlendgymError):
    """A sample of a recording is not what was written, or a shard is missing; the message names it."""

    code = "recording_damaged"


class RecordingInUse(BlendgymError):
    """A second writer opens a recording."""

    code = "recording_in_use"


class InvalidExport(BlendgymError):
    """A folder holds no export, one to another format or of other samples, or another process exports to it."""

    code = "invalid_export"


class PassMissing(BlendgymError):
    """Samples are exported to a format that needs a pass they lack; the message says which passes to record."""

    code = "pass_missing"


# What cannot be written.


class WriteFailed(BlendgymError):
    """Something could not be written, as on a full disk; what was there before stays; the message says what to do."""

    code = "write_failed"


class RecordingFailed(WriteFailed):
    """A sample could not be written, as on a full disk; what was recorded before is whole, and can be continued."""

    code = "recording_failed"


class ExportFailed(WriteFailed):
    """A sample could not be exported, as on a full disk; what was exported before stays, and can be gone on with."""

    code = "export_failed"


class TrainingFailed(WriteFailed):
    """A run could not be written, as on a full disk; the message says what is kept of it, and how to go on."""

    code = "training_failed"


class EvaluationFailed(WriteFailed):
    """The result or the video of an evaluation could not be written, as on a full disk; what was there before stays."""

    code = "evaluation_failed"


class SavingFailed(WriteFailed):
    """A scene could not be saved, as on a full disk; there is no part of it, either."""

    code = "saving_failed"


# Training and checks.


class StudentDiverged(BlendgymError):
    """The policy of a student has come to numbers that are not finite; begin again with a lower learning rate."""

    code = "student_diverged"


class PlayerDied(BlendgymError):
    """A process that plays meta-episodes ended while it was needed; the message has its exit code."""

    code = "player_died"


class CheckFailed(BlendgymError):
    """A check of ``blendgym.testing`` found that a task, an environment or a server does not do what it should."""

    code = "check_failed"


def error_from_code(code: str, message: str, details: dict[str, Any]) -> BlendgymError:
    """The error that a failure reply stands for; a code that this version does not know becomes the base class."""
    return _CLASS_OF_CODE.get(code, BlendgymError)(message, **details)


def _rebuild(cls: type[BlendgymError], message: str, details: dict[str, Any]) -> BlendgymError:
    return cls(message, **details)


def _all_subclasses(cls: type[BlendgymError]) -> list[type[BlendgymError]]:
    return [cls, *(deeper for child in cls.__subclasses__() for deeper in _all_subclasses(child))]


_CLASS_OF_CODE = {cls.code: cls for cls in _all_subclasses(BlendgymError)}
