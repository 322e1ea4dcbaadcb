"""``python -m telensic`` is the program ``telensic``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import finish, tool

COMMAND = [sys.executable, "-m", "telensic"]


def test_the_program_answers_to_python_with_its_own_words_and_exit_code() -> None:
    path = os.pathsep.join([str(Path(tool("telensic")).parent), os.environ["PATH"]])
    assert finish([*COMMAND, "--version"], PATH=path).stdout == finish([tool("telensic"), "--version"]).stdout
    command = [*COMMAND, "verify", "no-such-run"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 2
    assert "no-such-run" in done.stderr


def test_without_the_program_a_line_says_how_to_get_it(tmp_path: Path) -> None:
    done = subprocess.run(
        COMMAND, capture_output=True, text=True, check=False, env={**os.environ, "PATH": str(tmp_path)}
    )
    assert done.returncode == 2
    assert done.stderr.startswith("telensic: the program is not ")
    assert done.stderr.count("\n") == 1
