"""The package is typed, and its stub says what the module has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import telensic

PACKAGE = Path(telensic.__file__).parent
ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=PACKAGE.parent
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_passes_the_strict_checks(tmp_path: Path) -> None:
    run(
        "mypy",
        "--strict",
        "--config-file",
        str(ROOT / "pyproject.toml"),
        "--cache-dir",
        str(tmp_path),
        str(PACKAGE),
    )


def test_the_stub_says_what_the_module_has(tmp_path: Path) -> None:
    config = tmp_path / "mypy.ini"
    config.write_text(f"[mypy]\ncache_dir = {tmp_path}\n")
    run("mypy.stubtest", "telensic._telensic", "--mypy-config-file", str(config))


def test_everything_public_is_documented_and_named() -> None:
    for name in telensic.__all__:
        assert hasattr(telensic, name)
        assert getattr(telensic, name).__doc__, f"{name} has no words"
