"""Where a driver records, and where a worker on whatever node does.

A worker can write into the driver's directory if it sees the driver's own tape there. If not, or if TELENSIC_RAY_TAPES names a
directory of its node, it keeps its tape on the node, below a directory that is like a run's: the same records, for the
driver to fetch.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from telensic.recording import init, shutdown, tape_path

#: What makes a process part of a run.
VARIABLES = ("RUN_ID", "TELENSIC_RUN_DIR", "TELENSIC_EXPERIMENT_ID", "TELENSIC_SESSION_ID")


@dataclass(frozen=True)
class Home:
    """Where the driver records."""

    #: Its tape.
    tape: str
    #: Those of VARIABLES that are set, if it is in a run.
    variables: dict[str, str]

    @staticmethod
    def of_this_process() -> Home | None:
        """That of this process; none if it does not record."""
        tape = tape_path()
        if tape is None:
            return None
        variables = {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}
        return Home(os.path.abspath(tape), variables if "TELENSIC_RUN_DIR" in variables else {})

    @property
    def tapes(self) -> Path:
        """The directory of all its tapes."""
        return Path(self.tape).parent

    def settle(self, service_name: str) -> str | None:
        """Has this process record for it: the directory of the tapes if they must be fetched, none if they are at home."""
        away = self._away()
        root = self.tapes.parent if away is None else away
        for name in VARIABLES:
            os.environ.pop(name, None)
        os.environ.update(self.variables)
        if self.variables:
            os.environ["TELENSIC_RUN_DIR"] = str(root)
        tapes = root / self.tapes.name
        before = tape_path()
        if before is None or Path(before).absolute().parent != tapes:
            # Somebody may have had it record elsewhere, for a run that is over.
            shutdown()
            try:
                tapes.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                # The sleeve is more than its record.
                print(f"telensic: this worker does not record: {error}", file=sys.stderr)
                return None
            # What is logged is on the tape; files of a node would stay there.
            init(service_name, directory=root, log_files=None if away is None else False)
        return None if away is None else str(tapes)

    def _away(self) -> Path | None:
        chosen = os.environ.get("TELENSIC_RAY_TAPES")
        if not chosen and os.path.exists(self.tape) and os.access(self.tapes, os.W_OK):
            return None
        name = self.variables.get("RUN_ID", Path(self.tape).stem)
        return Path(chosen, name).absolute() if chosen else Path(tempfile.gettempdir(), f"telensic-{name}")
