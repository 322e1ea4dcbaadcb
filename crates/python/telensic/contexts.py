"""Contexts: what travels to other threads and processes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import ParamSpec, TypeVar

from telensic import _telensic
from telensic._telensic import Context, Span, current_context, extract, inject

__all__ = ["attach", "bind_context", "current_context", "environment", "extract", "inject"]

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def attach(context: Context | Span | None) -> Iterator[None]:
    """Enters a context that came from elsewhere: spans and log records made within belong to it.

    with telensic.attach(telensic.extract(request.headers)), telensic.span("serve"):
        ...
    """
    before = _telensic.enter_context(context)
    try:
        yield
    finally:
        _telensic.restore(before)


def bind_context(function: Callable[P, R]) -> Callable[P, R]:
    """The function, to be called where it is current what is current now: in a thread, or in an executor.

    ``executor.submit(telensic.bind_context(work), argument)``
    """
    context = copy_context()

    @functools.wraps(function)
    def bound(*args: P.args, **kwargs: P.kwargs) -> R:
        # A context can be entered once at a time, and several threads may call this.
        return context.copy().run(function, *args, **kwargs)

    return bound


def environment(context: Context | Span | None = None) -> dict[str, str]:
    """The variables that make a child process part of the trace (and that it reads when it joins a run)."""
    return _telensic.context_variables(context)
