"""A Ray cluster of several nodes on this machine, of which some can be killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


@contextlib.contextmanager
def a_head(**environment):
    """A cluster of a head alone, started as people start one; gives its address, and the one for Ray Client.

    Args:
        environment: Variables of its environment.
    """
    port, client_port = _free_port(), _free_port()
    with tempfile.TemporaryDirectory(prefix="head") as folder:
        head = subprocess.Popen(
            [
                Path(sys.executable).with_name("ray"), "start", "--head", "--block", "--num-cpus=0", f"--port={port}",
                f"--ray-client-server-port={client_port}",
                "--include-dashboard=false", f"--temp-dir={folder}", f"--object-store-memory={STORE}",
            ],
            env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(port)
            _wait_for(client_port)
            yield f"127.0.0.1:{port}", f"ray://127.0.0.1:{client_port}"
        finally:
            head.send_signal(signal.SIGTERM)
            head.wait(60.0)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _wait_for(port):
    deadline = time.monotonic() + 60.0
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
