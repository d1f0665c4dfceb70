"""Files of studies: written in one go or not at all, and read with an error that says what is wrong with them."""

from __future__ import annotations

import hashlib
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidStudy, StudyInUse
from blendgym.files import atomically_written, locked, write_whole

Content = TypeVar("Content", bound=msgspec.Struct)

STATE = "state"
"""Name of the JSON text beside the arrays of a state."""


def only_here(folder: Path) -> ExitStack:
    """Keeps other processes away from the folder of a study, until what is returned is closed; makes it if need be.

    Raises:
        StudyInUse: If another one works on it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return locked(folder)
    except BlockingIOError:
        raise StudyInUse(f"Another process works on {folder}. Wait for it, end it, or choose another folder.") from None


def write_struct(path: Path, content: msgspec.Struct) -> None:
    """Writes JSON that a person can read."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")


def read_struct(path: Path, kind: type[Content]) -> Content:
    """Reads what ``write_struct`` wrote.

    Raises:
        InvalidStudy: If there is no such file, or something else is in it.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise InvalidStudy(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidStudy(f"{path} is no {kind.__name__.lower()}: it is no text in UTF-8.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidStudy(f"{path} is no {kind.__name__.lower()}: {str(error).rstrip('.')}.") from error


def require_declared(content: msgspec.Struct) -> None:
    """Makes sure that what was made in Python could have been read from a file, too.

    Raises:
        InvalidStudy: If a field has no value of its type, or none within its bounds.
    """
    try:
        msgspec.convert(msgspec.to_builtins(content), type(content))
    except msgspec.ValidationError as error:
        raise InvalidStudy(f"{content!r:.200} is no {type(content).__name__.lower()}: {error}.") from error


def checksum(path: Path) -> str:
    """SHA-256 of a file.

    Raises:
        InvalidStudy: If there is none.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InvalidStudy(f"{path} cannot be read: {error.strerror}.") from error


def write_declaration(path: Path, declaration: msgspec.Struct) -> None:
    """Writes down what a study declares, unless it is what stands there already.

    Raises:
        InvalidStudy: If something else stands there.
    """
    if path.exists():
        before = read_struct(path, type(declaration))
        others = [name for name in declaration.__struct_fields__ if getattr(before, name) != getattr(declaration, name)]
        if others:
            raise InvalidStudy(
                f"{path} declares another study: {', '.join(others)} {'differ' if len(others) > 1 else 'differs'}. "
                "What is declared stays as it is; choose another folder, or the arguments and the blendgym of before."
            )
    write_struct(path, declaration)


def write_arrays(path: Path, **arrays: NDArray[Any]) -> None:
    """Writes an ``.npz``."""
    with atomically_written(path) as part, part.open("wb") as file:
        np.savez_compressed(file, **arrays)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Reads what ``write_arrays`` wrote.

    Raises:
        InvalidStudy: If there is no such file, or something else is in it.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, EOFError, BadZipFile, zlib.error) as error:
        raise InvalidStudy(f"{path} cannot be read as NumPy arrays: {error}.") from error


def write_state(path: Path, state: dict[str, Any]) -> None:
    """Writes the state of a student or teacher: nested dicts and lists of numbers, strings and arrays."""
    arrays: dict[str, NDArray[Any]] = {}
    text = msgspec.json.encode(_without_arrays(state, arrays)).decode()
    write_arrays(path, **{STATE: np.array(text)}, **arrays)


def read_state(path: Path) -> dict[str, Any]:
    """Reads what ``write_state`` wrote.

    Raises:
        InvalidStudy: If there is no such file, or something else is in it.
    """
    arrays = read_arrays(path)
    try:
        state: dict[str, Any] = _with_arrays(msgspec.json.decode(str(arrays[STATE])), arrays)
    except (KeyError, ValueError, msgspec.DecodeError) as error:
        raise InvalidStudy(f"{path} holds no state of a student: {error!r:.200}.") from error
    return state


def _without_arrays(state: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    if isinstance(state, np.ndarray):
        name = f"array{len(arrays)}"
        arrays[name] = state
        return {"__array__": name}
    if isinstance(state, dict):
        return {str(key): _without_arrays(value, arrays) for key, value in state.items()}
    if isinstance(state, list | tuple):
        return [_without_arrays(value, arrays) for value in state]
    if isinstance(state, np.generic):
        return state.item()
    if isinstance(state, int) and not isinstance(state, bool) and abs(state) >= 2**63:
        return {"__integer__": str(state)}
    return state


def _with_arrays(state: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    if isinstance(state, list):
        return [_with_arrays(value, arrays) for value in state]
    if not isinstance(state, dict):
        return state
    if state.keys() == {"__array__"}:
        return arrays[state["__array__"]]
    if state.keys() == {"__integer__"}:
        return int(state["__integer__"])
    return {key: _with_arrays(value, arrays) for key, value in state.items()}
