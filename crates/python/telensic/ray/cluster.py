"""Ray, imported when it is needed: the package works without it."""

from __future__ import annotations

import importlib
from typing import Any


def cluster() -> Any:
    """Ray, connected to a cluster: the one that it was initialized with, or else one of its own choice."""
    try:
        ray = importlib.import_module("ray")
    except ImportError as error:
        raise ImportError("telensic.ray needs Ray, which is not installed: pip install ray") from error
    if not ray.is_initialized():
        ray.init()
    return ray
