"""Linux namespaces, in which a test can mount what it likes."""

from __future__ import annotations

import subprocess

IN_A_NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]


def namespaces_are_missing():
    try:
        return subprocess.run(
            [*IN_A_NAMESPACE, "mount -t tmpfs none /mnt"], capture_output=True, check=False
        ).returncode
    except FileNotFoundError:
        return True
