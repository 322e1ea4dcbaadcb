"""Builds wheels: by maturin, once the program `telensic` is there for it to put among the scripts.

TELENSIC_PROGRAM names one that was built already, for another platform for example.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import maturin
from maturin import (
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

PACKAGE = Path(__file__).resolve().parents[1]
#: What maturin takes into a wheel as it is.
SCRIPTS = PACKAGE / "telensic._telensic.data" / "scripts"


def build_wheel(
    wheel_directory: str, config_settings: dict[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    put_program()
    return maturin.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(
    wheel_directory: str, config_settings: dict[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    put_program()
    return maturin.build_editable(wheel_directory, config_settings, metadata_directory)


def put_program() -> None:
    """Puts the program where maturin finds it."""
    program = Path(os.environ.get("TELENSIC_PROGRAM") or build_program())
    SCRIPTS.mkdir(parents=True, exist_ok=True)
    shutil.copy2(program, SCRIPTS / program.name)


def build_program() -> str:
    """Builds it; where it is now."""
    cargo = [
        os.environ.get("CARGO", "cargo"),
        "build",
        "--release",
        "--package",
        "telensic-cli",
        "--bin",
        "telensic",
    ]
    built = subprocess.run(
        [*cargo, "--message-format", "json-render-diagnostics"],
        cwd=PACKAGE,
        stdout=subprocess.PIPE,
        check=True,
    )
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    executables = [message["executable"] for message in messages if message.get("executable")]
    return str(executables[-1])
