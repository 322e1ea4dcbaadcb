"""A recorder of its own for each test, and its tape read back."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import telensic


class Recorder:
    """What a test has recorded."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def tape(self) -> telensic.Tape:
        path = telensic.tape_path()
        assert path is not None, "nothing is recorded"
        return telensic.read_tape(path)

    def span(self, name: str) -> dict[str, Any]:
        found = [span for span in self.tape().spans if span["name"] == name]
        assert len(found) == 1, f"{len(found)} spans are called {name}"
        return found[0]

    def log(self, body: str) -> dict[str, Any]:
        found = [log for log in self.tape().logs if log.get("body") == body]
        assert len(found) == 1, f"{len(found)} log records say {body!r}: {self.tape().logs}"
        return found[0]

    def event(self, name: str) -> dict[str, Any]:
        found = [log for log in self.tape().logs if log.get("eventName") == name]
        assert len(found) == 1, f"{len(found)} events are called {name}: {self.tape().logs}"
        return found[0]["attributes"]


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    """Records into a directory of the test's own."""
    assert not telensic.is_recording(), "the test before has left its recorder on"
    with telensic.init("tests", directory=tmp_path, log_files=False):
        yield Recorder(tmp_path)


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of whoever runs the tests, and a sealing key of the tests' own."""
    import os

    for name in list(os.environ):
        if name.startswith(("OTEL_", "TELENSIC_")) or name in (
            "RUN_ID",
            "TRACEPARENT",
            "TRACESTATE",
            "BAGGAGE",
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TELENSIC_KEY", str(tmp_path / "seal.key"))


def program(text: str, *arguments: object, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Runs a program of Python to its end."""
    command = [sys.executable, "-c", textwrap.dedent(text), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **settings)


def tapes(directory: Path) -> list[telensic.Tape]:
    """All tapes under a directory."""
    return [telensic.read_tape(path) for path in sorted(directory.rglob("*.tape"))]
