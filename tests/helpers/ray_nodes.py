"""A Ray cluster of several nodes on this machine, of which some can be killed."""

from __future__ import annotations

import os
import shutil

import psutil
import ray
from ray.cluster_utils import Cluster

STORE = 80 << 20  # bytes
QUICK = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 300, "health_check_failure_threshold": 3}
"""A node that is gone is missed within a second; Ray's own patience is some 15 seconds."""


class Nodes:
    """The cluster. Its head has no processor to give.

    Args:
        environment: Variables of the environment on every node.

    Attributes:
        execute: What names it.
    """

    def __init__(self, **environment):
        self._environment = environment
        head = {"num_cpus": 0, "include_dashboard": False, "include_log_monitor": False, "no_monitor": True}
        self._cluster = Cluster(
            initialize_head=True, head_node_args={**head, "object_store_memory": STORE, "_system_config": QUICK}
        )
        self.execute = f"ray:{self._cluster.address}"

    def add(self, **environment):
        """Another node, with two processors to give."""
        before = dict(os.environ)
        os.environ.update(self._environment | environment)
        try:
            return self._add()
        except Exception:  # Ray gives a node 30 s to start, which a very busy machine may need.
            return self._add()
        finally:
            os.environ.clear()
            os.environ.update(before)

    def _add(self):
        before = set(psutil.Process().children())
        try:
            return self._cluster.add_node(num_cpus=2, object_store_memory=STORE)
        except Exception:
            for process in set(psutil.Process().children()) - before:
                process.kill()
            raise

    def replace(self, **environment):
        """Kills all nodes, as machines end whose cable is pulled: nobody on them hears of it. Then comes another."""
        for node in list(self._cluster.worker_nodes):
            self._cluster.remove_node(node, allow_graceful=False)
        return self.add(**environment)

    def end(self):
        """Ends all of them, and removes what Ray has written."""
        session = self._cluster.head_node.get_session_dir_path()
        ray.shutdown()
        self._cluster.shutdown()
        shutil.rmtree(session, ignore_errors=True)
