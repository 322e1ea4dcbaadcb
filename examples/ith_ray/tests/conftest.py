"""A cluster for all tests, and the records of runs read back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

for variable in list(os.environ):
    # No variable of whoever runs the tests reaches them.
    if variable.startswith(("OTEL_", "TELENSIC_RUN")) or variable in (
        "RUN_ID",
        "TRACEPARENT",
        "TELENSIC_DIR",
    ):
        del os.environ[variable]
os.environ.update(RAY_AUTH_MODE="disabled", RAY_USAGE_STATS_ENABLED="0")

# Workers import what the tests do.
TESTS = Path(__file__).parent
sys.path.insert(0, str(TESTS.parent))
os.environ["PYTHONPATH"] = os.pathsep.join([str(TESTS), *sys.path])


@pytest.fixture(autouse=True, scope="session")
def own_key(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["TELENSIC_KEY"] = str(tmp_path_factory.mktemp("key") / "seal.key")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """A cluster of two CPUs."""
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield ray
    ray.shutdown()


def program(text: str, *arguments: object, **variables: str) -> str:
    """Runs a program of Python to its end; what it printed."""
    return finish([sys.executable, "-c", textwrap.dedent(text), *map(str, arguments)], **variables).stdout


def finish(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env={**os.environ, **variables}, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def tool(name: str) -> str:
    """A program of this workspace; `crates/python/tests/ray.rs` says where it is."""
    path = os.environ.get(f"TEST_{name.upper()}")
    assert path is not None, (
        f"TEST_{name.upper()} does not say where the program {name} is: build it, and set it"
    )
    return path


@dataclass
class Record:
    """A run's directory, read back."""

    directory: Path

    @property
    def spans(self) -> list[dict[str, Any]]:
        return json.loads((self.directory / "data/forensic_trace.json").read_text())

    def named(self, name: str) -> list[dict[str, Any]]:
        return [span for span in self.spans if span["name"] == name]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.directory / "events.jsonl").read_text().splitlines()]

    @property
    def tapes(self) -> list[Path]:
        return sorted((self.directory / "tape").glob("*.tape"))

    def health(self) -> dict[str, Any]:
        done = subprocess.run(
            [tool("telensic"), "report", str(self.directory), "--json"], capture_output=True, check=False
        )
        return json.loads(done.stdout)

    def verify(self) -> None:
        finish([tool("telensic"), "verify", str(self.directory)])
