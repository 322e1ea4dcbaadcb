"""Runs: one execution of a pipeline, recorded into a directory of its own and sealed at its end."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from telensic import _telensic
from telensic._telensic import Context, RunError, Span
from telensic.contexts import environment as context_environment
from telensic.provenance import capture_random_state, hashable
from telensic.recorded import read_run
from telensic.recording import init, is_recording, watch_the_end

__all__ = ["Conclusion", "Run", "join", "run"]


@dataclass(frozen=True)
class Conclusion:
    """What became of a run."""

    run_id: str
    directory: Path
    status: str
    duration_ns: int
    spans: int
    logs: int
    troubles: list[str]

    def _repr_html_(self) -> str:
        return read_run(self.directory)._repr_html_()


class Run:
    """A run in progress; made by :func:`run`, and a context manager that concludes it."""

    def __init__(self, native: _telensic.Run, experiment: str | None = None) -> None:
        self._native = native
        self._experiment = experiment
        self._pid = os.getpid()
        self._before: Context | Span | None = None
        self._is_entered = False
        self._environment: dict[str, str | None] = {}
        self.conclusion: Conclusion | None = None

    @property
    def id(self) -> str:
        """Its name, ``YYYYMMDD-HHMMSS-xxxx``."""
        return self._native.id

    @property
    def directory(self) -> Path:
        """Where it is recorded."""
        return Path(self._native.directory)

    @property
    def context(self) -> Context:
        """The context of its root span."""
        return self._native.context

    def set(self, key: str, value: Any) -> None:
        """Adds an attribute to its root span."""
        self._native.set(key, value)

    def seed(self, component: str, seed: int) -> None:
        """Says with which seed a component's random numbers begin."""
        self._native.seed(component, seed)

    def random_state(self, **generators: Any) -> dict[str, Any]:
        """Keeps the states of all random generators; see :func:`telensic.capture_random_state`."""
        captured = capture_random_state(**generators)
        for key, state in captured.items():
            if key.endswith("_state_hash"):
                self._native.random_state(key.removesuffix("_state_hash"), state)
            else:
                self._native.seed(key.removesuffix("_seed"), state)
        return captured

    def config(self, config: Any) -> None:
        """Keeps the configuration, its secrets masked, and its hash."""
        self._native.config(config)

    def input(self, data: Any, name: str | None = None) -> dict[str, Any]:
        """Takes the fingerprint of what goes in, a file by its path (recorded as ``data.load``), an array or a table."""
        if isinstance(data, (str, os.PathLike)):
            return _document(self._native.input_file(data))
        return _document(self._native.input_array(name or "input", hashable(data, name or "input")))

    def output(self, data: Any, name: str | None = None) -> dict[str, Any]:
        """Takes the fingerprint of what came out: a file by its path, an array or a table."""
        if isinstance(data, (str, os.PathLike)):
            return _document(self._native.output_file(data))
        return _document(self._native.output_array(name or "output", hashable(data, name or "output")))

    def environment(self) -> dict[str, str]:
        """The variables by which a process that is started becomes a worker of this run, in the current span."""
        return {
            "RUN_ID": self.id,
            "TELENSIC_RUN_DIR": str(self.directory.absolute()),
            **({"TELENSIC_EXPERIMENT_ID": self._experiment} if self._experiment else {}),
            **context_environment(),
        }

    def _repr_html_(self) -> str:
        if self.conclusion is not None:
            return self.conclusion._repr_html_()
        return f"<div>run <b>{self.id}</b> goes on</div>"

    def finish(self) -> Conclusion | None:
        """Ends it as succeeded: merges, reads and seals what was recorded. A worker only closes its tape: ``None``."""
        return self._conclude("succeeded", None, None)

    def fail(self, error: BaseException | str) -> Conclusion | None:
        """Ends it as failed, for this reason. A worker only closes its tape: ``None``."""
        raised = error if isinstance(error, BaseException) else None
        return self._conclude("failed", str(error) or type(error).__name__, raised)

    def interrupt(self, reason: str) -> Conclusion | None:
        """Ends it as interrupted."""
        return self._conclude("interrupted", reason, None)

    def _conclude(self, status: str, reason: str | None, error: BaseException | None) -> Conclusion | None:
        self._leave()
        if os.getpid() != self._pid:
            # The child of a fork: the run is its parent's.
            return None
        told = self._native.conclude(status, reason, error)
        if told is not None:
            facts = _document(told)
            facts["directory"] = Path(facts["directory"])
            self.conclusion = Conclusion(**facts)
        return self.conclusion

    def _enter(self) -> None:
        self._before = _telensic.enter_context(self.context)
        self._is_entered = True
        # Workers that are started, not forked, find the run by their environment.
        for name, value in self.environment().items():
            self._environment[name] = os.environ.get(name)
            os.environ[name] = value

    def _leave(self) -> None:
        if not self._is_entered:
            return
        self._is_entered = False
        _telensic.restore(self._before)
        for name, value in self._environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._environment = {}

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
                self.finish()
            elif isinstance(error, KeyboardInterrupt):
                self.interrupt("interrupted from the keyboard")
            else:
                self.fail(error)
        except RunError as failure:
            # What the pipeline came to is more than what was recorded of it.
            print(
                f"telensic: run {self.id} could not be concluded: {failure}; `telensic recover {self.id}` does it",
                file=sys.stderr,
            )


def run(
    profile: str,
    *,
    kind: str | None = None,
    experiment: str | None = None,
    session: str | None = None,
    directory: str | os.PathLike[str] | None = None,
    service_name: str | None = None,
    config: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Run:
    """Starts a run of this profile, or joins the one that ``TELENSIC_RUN_DIR`` names, as a worker of it.

    with telensic.run("nightly", kind="backtest") as run:
        ...

    :param kind: what kind of run it is: live, backtest, research
    :param experiment: the experiment whose hypotheses are counted together (``TELENSIC_EXPERIMENT_ID``)
    :param session: the session it belongs to, ``sess_YYYYMMDD_HHMMSS`` (``TELENSIC_SESSION_ID``)
    :param directory: the root under which its directory is made (``TELENSIC_DIR``, ``data``)
    :param config: the configuration, which is kept with its secrets masked
    :param settings: settings of :func:`telensic.init`, used if recording has not been started
    :raises RunError: if it cannot be started: the directory cannot be written, or this process is in a run already
    """
    native = _telensic.start_run(
        profile,
        kind=kind,
        experiment=experiment,
        session=session,
        directory=directory,
        service_name=service_name,
        settings=settings,
    )
    watch_the_end()
    started = Run(native, experiment)
    started._enter()
    if config is not None:
        started.config(config)
    return started


def join(service_name: str | None = None, **settings: Any) -> bool:
    """Joins the run that the environment names, if it names one: for the beginning of a worker process.

    ``ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=telensic.join)``

    True if this process records now.
    """
    if not is_recording() and os.environ.get("TELENSIC_RUN_DIR"):
        init(service_name, **settings)
    return is_recording()


def _document(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    return document
