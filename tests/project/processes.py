"""Python in a process of its own, in an empty folder and with an environment that holds nothing else."""

import os
import subprocess
import sys
from pathlib import Path

from tests.project.tree import ROOT


def python(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments; `home` is its folder, its home and Steward's.

    Raises:
        RuntimeError: it fails; holds what it said.
    """
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "STEWARD_HOME": str(home / "steward"),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    } | environment
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=home, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done
