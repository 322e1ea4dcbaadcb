"""A worker: an actor that runs one sleeve after the other."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telensic import _telensic
from telensic.contexts import attach, extract
from telensic.ray.home import Home
from telensic.recording import shutdown
from telensic.spans import span


@dataclass(frozen=True)
class Place:
    """Where a worker is."""

    node_id: str
    node_ip: str
    pid: int
    #: The directory of its node that its tape must be fetched from; none if it is where the driver's is.
    tapes: str | None


class SleeveActor:
    """Runs sleeves in a process of its own; what :class:`RayComputeEngine` makes actors of.

    Whatever it records, even while ``work`` is loaded, belongs to the trace of whoever made it.
    """

    def __init__(
        self, work: Callable[[Any], Any], home: Home | None = None, carrier: Mapping[str, str] | None = None
    ) -> None:
        ray = importlib.import_module("ray")
        tapes = None if home is None else home.settle("sleeve-actor")
        # Before the first span.
        _telensic.enter_context(extract(carrier or {}))
        self._work = work
        node_id = ray.get_runtime_context().get_node_id()
        self._place = Place(node_id, ray.util.get_node_ip_address(), os.getpid(), tapes)

    def where(self) -> Place:
        """Where it is."""
        return self._place

    def run_pipeline(self, profile: str, item: Any, carrier: Mapping[str, str]) -> Any:
        """Runs the sleeve of this profile, in the context that the carrier brings."""
        with attach(extract(carrier)):
            with span("run_pipeline", profile=profile, node_ip=self._place.node_ip, sleeve=profile) as sleeve:
                result = self._work(item)
                sleeve.set_status("ok")
                return result

    def close(self) -> None:
        """Ends recording: its tape is whole."""
        shutdown()
