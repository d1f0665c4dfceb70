"""Errors have names of their own, by which they cross the wire, and groups that one ``except`` catches."""

from __future__ import annotations

import pickle

import pytest

from blendgym import errors
from blendgym.errors import BlendgymError, ClusterError, NodesBusy, ServerError, error_from_code

ERRORS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, BlendgymError)]


def test_no_two_errors_have_the_same_code():
    assert len({error.code for error in ERRORS}) == len(ERRORS) > 50


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_is_itself_on_the_other_side_of_the_wire_or_of_a_process(kind):
    error = error_from_code(kind.code, "what has happened", {"index": 3})
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 (it is ours)
    assert type(error) is type(copy) is kind
    assert (str(copy), copy.details) == ("what has happened", {"index": 3})


def test_nodes_that_are_busy_concern_the_cluster_and_the_server_that_does_not_start():
    assert issubclass(NodesBusy, ClusterError)
    assert issubclass(NodesBusy, ServerError)
