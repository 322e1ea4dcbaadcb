"""What Ray calls at the start of each of its processes."""

from __future__ import annotations

from telensic.opentelemetry import install
from telensic.runs import join


def setup_tracing() -> None:
    """Has every process of a cluster join the run that the environment names, and record Ray's own spans of its tasks.

    ``ray.init(_tracing_startup_hook="telensic.ray.startup:setup_tracing")``

    Ray needs ``opentelemetry-api`` for it.
    """
    join("ray")
    install()
