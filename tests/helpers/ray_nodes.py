"""A Ray cluster of several nodes on this machine, of which some can be killed."""

from __future__ import annotations

import os
from contextlib import contextmanager

import ray
from ray.cluster_utils import Cluster

STORE = 80 << 20  # bytes
QUICK = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 300, "health_check_failure_threshold": 3}
"""A node that is gone is missed within a second; Ray's own patience is some 15 seconds."""


class Nodes:
    """The cluster. Its head has no processor to give.

    Attributes:
        execute: What names it.
    """

    def __init__(self):
        head = {"num_cpus": 0, "include_dashboard": False, "include_log_monitor": False, "no_monitor": True}
        self._cluster = Cluster(
            initialize_head=True, head_node_args={**head, "object_store_memory": STORE, "_system_config": QUICK}
        )
        self.execute = f"ray:{self._cluster.address}"

    def add(self, num_cpus=1, **environment):
        """Another node.

        Args:
            num_cpus: How many processors it has to give.
            environment: Variables of the environment there.
        """
        before = dict(os.environ)
        os.environ.update(environment)
        try:
            return self._cluster.add_node(num_cpus=num_cpus, object_store_memory=STORE)
        finally:
            os.environ.clear()
            os.environ.update(before)

    def kill(self, node):
        """Ends a node as a machine ends whose cable is pulled: nobody on it hears of it."""
        self._cluster.remove_node(node, allow_graceful=False)

    def end(self):
        """Ends all of them."""
        ray.shutdown()
        self._cluster.shutdown()


@contextmanager
def node_of(nodes, **environment):
    """A node for one test."""
    node = nodes.add(**environment)
    try:
        yield node
    finally:
        if node.any_processes_alive():
            nodes.kill(node)
