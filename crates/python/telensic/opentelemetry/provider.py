"""What all providers have: a resource, a beginning and an end."""

from __future__ import annotations

from typing import Any

from telensic import recording

__all__ = ["Provider", "Resource"]


class Resource:
    """What instrumentation of others reads of a provider: the attributes of the service."""

    def __init__(self, attributes: dict[str, Any]) -> None:
        self.attributes = attributes


class Provider:
    """One of the recorder's faces. Recording goes on when a provider is shut down: the program's end ends it."""

    def __init__(self) -> None:
        if not recording.is_recording():
            recording.init()

    @property
    def resource(self) -> Resource:
        """The service, as the recorder knows it."""
        return Resource({"service.name": recording.service_name()})

    def force_flush(self, timeout_millis: float = 30_000) -> bool:
        """Hands everything recorded so far on; false if that took longer."""
        return recording.flush(timeout_millis / 1_000)

    def shutdown(self, timeout_millis: float = 30_000) -> None:
        """Hands everything recorded so far on."""
        self.force_flush(timeout_millis)
