"""Batches as frames: nested containers of tensors, arrays and plain values. Nothing is unpickled.

The first frame is a MessagePack header that has the structure, the others are the buffers of tensors and arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import torch

from blendgym.errors import InvalidOption
from blendgym.wire.codec import Buffer

Scalar = None | bool | int | float | str


class _Plain(msgspec.Struct, tag="plain", array_like=True):
    value: Scalar


class _Dict(msgspec.Struct, tag="dict", array_like=True):
    keys: list[Scalar]
    values: list[_Node]


class _List(msgspec.Struct, tag="list", array_like=True):
    items: list[_Node]


class _Tuple(msgspec.Struct, tag="tuple", array_like=True):
    items: list[_Node]


class _Tensor(msgspec.Struct, tag="tensor", array_like=True):
    frame: int
    dtype: str
    shape: tuple[int, ...]


class _Array(msgspec.Struct, tag="array", array_like=True):
    frame: int
    dtype: str
    shape: tuple[int, ...]


_Node = _Plain | _Dict | _List | _Tuple | _Tensor | _Array

_DECODER = msgspec.msgpack.Decoder(_Node)


def pack(tree: Any) -> list[Buffer]:
    """A batch as frames.

    Args:
        tree: Dicts, lists and tuples of tensors (which arrive as plain tensors on the CPU), arrays of numbers, numbers,
            strings and ``None``.

    Raises:
        InvalidOption: If there is anything else in it.
    """
    frames: list[Buffer] = [b""]
    frames[0] = msgspec.msgpack.encode(_node(tree, frames))
    return frames


def unpack(frames: Sequence[Buffer]) -> Any:
    """The batch that some frames stand for; tensors and arrays lie in the frames, which must be writable."""
    return _tree(_DECODER.decode(frames[0]), frames)


def _node(tree: Any, frames: list[Buffer]) -> _Node:
    match tree:
        case torch.Tensor():
            frames.append(_bytes_of(tree))
            return _Tensor(len(frames) - 1, str(tree.dtype).removeprefix("torch."), tuple(tree.shape))
        case np.ndarray() | np.generic() if tree.dtype.kind in "biufc":
            frames.append(np.ascontiguousarray(tree).reshape(-1).view(np.uint8).data)
            return _Array(len(frames) - 1, tree.dtype.str, tree.shape)
        case dict():
            return _Dict([_plain(key) for key in tree], [_node(value, frames) for value in tree.values()])
        case list():
            return _List([_node(item, frames) for item in tree])
        case tuple() if type(tree) is tuple:
            return _Tuple([_node(item, frames) for item in tree])
    return _Plain(_plain(tree))


def _plain(value: Any) -> Scalar:
    if value is None or isinstance(value, bool | float | str):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**64:
        return value
    raise InvalidOption(
        f"A batch holds {value!r:.80} ({type(value).__name__}); those of a loader with workers are dicts, lists and "
        "tuples of tensors, arrays, numbers, strings and None. Let transform and collate make such, or take a "
        "DataLoader of your own with stream.dataset()."
    )


def _bytes_of(tensor: torch.Tensor) -> Buffer:
    plain = tensor.detach().as_subclass(torch.Tensor).cpu().resolve_conj().resolve_neg()
    if not plain.numel():
        return b""
    return plain.contiguous().reshape(-1).view(torch.uint8).numpy().data


def _tree(node: _Node, frames: Sequence[Buffer]) -> Any:
    match node:
        case _Plain():
            return node.value
        case _Dict():
            return {key: _tree(value, frames) for key, value in zip(node.keys, node.values, strict=True)}
        case _List():
            return [_tree(item, frames) for item in node.items]
        case _Tuple():
            return tuple(_tree(item, frames) for item in node.items)
        case _Array():
            return np.ndarray(node.shape, node.dtype, frames[node.frame])
    dtype = getattr(torch, node.dtype)
    if not len(frames[node.frame]):
        return torch.empty(node.shape, dtype=dtype)
    return torch.frombuffer(frames[node.frame], dtype=dtype).reshape(node.shape)
