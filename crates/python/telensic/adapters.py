"""Adapters: clients of data providers, of which every call is a span and counted."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, overload

from telensic._telensic import Call
from telensic.decorator import _Plan, _wrapped
from telensic.spans import span_kind

__all__ = ["TelemetryMiddleware", "adapter_method", "instrument_adapter", "telemetry_decorator"]

Class = TypeVar("Class", bound=type)
Function = TypeVar("Function", bound=Callable[..., Any])
Classify = Callable[[BaseException], "str | None"]
Fields = Iterable[str] | Mapping[str, str]

#: What a method says of itself, and what tells that it is instrumented already.
_SAID = "__telensic_adapter__"
_DONE = "__telensic_operation__"


def adapter_method(
    operation: str | None = None, *, fields: Fields = (), skip: bool = False
) -> Callable[[Function], Function]:
    """Says of one method what :func:`instrument_adapter` is to do with it.

    :param operation: the operation's name; that of the method if none is given
    :param fields: the arguments that are recorded, as ``trace_span`` takes them
    :param skip: whether it is left as it is
    """

    def say(function: Function) -> Function:
        target = getattr(function, "__func__", function)
        setattr(target, _SAID, {"operation": operation, "fields": fields, "skip": skip})
        return function

    return say


def instrument_adapter(
    provider: str,
    *,
    only: Iterable[str] | None = None,
    skip: Iterable[str] = (),
    fields: Mapping[str, Fields] | None = None,
    classify: Classify | None = None,
) -> Callable[[Class], Class]:
    """Records every call of a class' public methods: a span ``adapter.<method>``, and the metrics of adapters.

    @telensic.instrument_adapter("finnhub", fields={"quote": ("symbol",)})
    class Finnhub:
        async def quote(self, symbol, api_key): ...

    Plain, async and generator methods, class methods and static ones. No argument is recorded unless ``fields`` names it, nor
    anything that is returned.

    :param provider: the data provider, a label of the metrics
    :param only: the methods, if not all public ones
    :param skip: methods that are left as they are
    :param fields: by method, the arguments that are recorded
    :param classify: names why a call failed, or returns ``None`` to leave that to :mod:`telensic.failures`
    """

    def decorate(cls: Class) -> Class:
        for name, method in list(vars(cls).items()):
            if _is_wanted(name, method, only, frozenset(skip)):
                setattr(cls, name, _instrumented(method, provider, name, fields, classify))
        return cls

    return decorate


class TelemetryMiddleware:
    """Instruments classes of others: each gets a subclass, and stays as it is."""

    def __init__(self, provider_name: str | None = None, *, classify: Classify | None = None) -> None:
        self._provider = provider_name
        self._classify = classify

    def instrument_class(
        self,
        cls: Class,
        provider_name: str | None = None,
        *,
        only: Iterable[str] | None = None,
        skip: Iterable[str] = (),
        fields: Mapping[str, Fields] | None = None,
    ) -> Class:
        """A subclass of the same name whose public methods, inherited ones included, are recorded.

        The provider is ``provider_name``, that of the middleware, or the name of the class.
        """
        provider = provider_name or self._provider or cls.__name__
        own: dict[str, Any] = {
            "__doc__": cls.__doc__,
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
        }
        for base in reversed(cls.__mro__[:-1]):
            for name, method in vars(base).items():
                if _is_wanted(name, method, only, frozenset(skip)):
                    own[name] = _instrumented(method, provider, name, fields, self._classify)
        made: Class = type(cls)(cls.__name__, (cls,), own)
        return made

    def instrument_method(
        self, method: Function, operation: str | None = None, *, fields: Fields = ()
    ) -> Function:
        """A method or function on its own, recorded."""
        provider = self._provider or getattr(method, "__module__", None) or "adapter"
        return telemetry_decorator(provider, operation, fields=fields, classify=self._classify)(method)


@overload
def telemetry_decorator(provider_name: Function, /) -> Function: ...
@overload
def telemetry_decorator(
    provider_name: str | None = None,
    operation: str | None = None,
    *,
    fields: Fields = (),
    classify: Classify | None = None,
) -> Callable[[Function], Function]: ...
def telemetry_decorator(
    provider_name: Any = None,
    operation: str | None = None,
    *,
    fields: Fields = (),
    classify: Classify | None = None,
) -> Any:
    """Records every call of one function as a provider's operation: a span, and the metrics of adapters.

    The provider is the function's module if none is named; the operation has the function's name.
    """
    if callable(provider_name):
        return telemetry_decorator()(provider_name)

    def decorate(function: Any) -> Any:
        plain = getattr(function, "__func__", function)
        provider = provider_name or plain.__module__
        return _traced(function, provider, operation or plain.__name__, fields, classify)

    return decorate


def _is_wanted(name: str, method: Any, only: Iterable[str] | None, skip: frozenset[str]) -> bool:
    function = getattr(method, "__func__", method)
    if not inspect.isfunction(function) or hasattr(function, _DONE) or name in skip:
        return False
    said = getattr(function, _SAID, None)
    if said is not None:
        return not said["skip"]
    return name in only if only is not None else not name.startswith("_")


def _instrumented(
    method: Any, provider: str, name: str, fields: Mapping[str, Fields] | None, classify: Classify | None
) -> Any:
    said = getattr(getattr(method, "__func__", method), _SAID, {})
    wanted = said.get("fields") or (fields or {}).get(name, ())
    return _traced(method, provider, said.get("operation") or name, wanted, classify)


def _traced(method: Any, provider: str, operation: str, fields: Fields, classify: Classify | None) -> Any:
    if isinstance(method, (staticmethod, classmethod)):
        return type(method)(_traced(method.__func__, provider, operation, fields, classify))
    attributes = dict(_Plan(method).fields(fields))
    call = Call(
        [f"adapter.{operation}"],
        [],
        list(attributes.items()),
        span_kind("client"),
        None,
        True,
        (provider, operation, classify),
    )
    wrapped = _wrapped(method, call.begin, False)
    functools.update_wrapper(wrapped, method)
    setattr(wrapped, _DONE, (provider, operation))
    return wrapped
