"""Runs, read back once they have ended; in a notebook, as their health and their waterfall."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telensic.waterfall import page

__all__ = ["RecordedRun", "read_run"]


@dataclass(frozen=True)
class RecordedRun:
    """A run that has ended. A notebook shows its stages, what is wrong with it, and where its time went."""

    directory: Path
    #: ``run.json``
    manifest: dict[str, Any]
    #: ``reports/health.json``
    health: dict[str, Any]
    #: ``data/forensic_trace.json``, by start
    spans: list[dict[str, Any]]

    def _repr_html_(self) -> str:
        return page(self.health, self.spans)


def read_run(directory: str | os.PathLike[str]) -> RecordedRun:
    """Reads the directory of a run that has ended.

    telensic.read_run("data/artifacts/summaries/runs/latest")
    """
    at = Path(directory)
    spans = _document(at / "data" / "forensic_trace.json")
    spans.sort(key=lambda span: span["start_time"])
    return RecordedRun(at, _document(at / "run.json"), _document(at / "reports" / "health.json"), spans)


def _document(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
