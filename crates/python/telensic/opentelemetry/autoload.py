"""What ``opentelemetry-instrument`` loads, by the entry points ``opentelemetry_distro`` and ``opentelemetry_configurator``."""

from __future__ import annotations

from typing import Any

# Not typed.
from opentelemetry.instrumentation.distro import BaseDistro  # type: ignore

from telensic.opentelemetry.install import install

__all__ = ["Configurator", "Distro"]


class Configurator:
    """Sets the providers."""

    def configure(self, **settings: Any) -> None:
        """Makes Telensic what the API records to; its settings are the environment's."""
        install()


class Distro(BaseDistro):  # type: ignore
    """Leaves everything as it is: there is no exporter to be chosen."""

    def _configure(self, **kwargs: Any) -> None:
        """Nothing."""
