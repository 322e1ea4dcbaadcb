"""``@trace_span``: every call of a function is a span."""

from __future__ import annotations

import functools
import inspect
import string
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable, Mapping
from typing import Any, ParamSpec, TypeVar, cast, overload

from telensic import _telensic
from telensic._telensic import Call, Span
from telensic.spans import span_kind

__all__ = ["trace_span"]

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Function = TypeVar("Function", bound=Callable[..., Any])

Begin = Callable[[tuple[Any, ...], dict[str, Any]], Span]


@overload
def trace_span(name: Function, /) -> Function: ...
@overload
def trace_span(
    name: str | None = None,
    *,
    fields: Iterable[str] | Mapping[str, str] = (),
    args: bool = False,
    skip: Iterable[str] = (),
    err: bool = True,
    ret: bool = False,
    kind: str = "internal",
    scope: str | None = None,
) -> Callable[[Function], Function]: ...
def trace_span(
    name: Any = None,
    *,
    fields: Iterable[str] | Mapping[str, str] = (),
    args: bool = False,
    skip: Iterable[str] = (),
    err: bool = True,
    ret: bool = False,
    kind: str = "internal",
    scope: str | None = None,
) -> Any:
    """Records every call of a function as a span: of a plain one, a coroutine, a generator or an async generator.

    @trace_span("run_stage:{stage_id}", fields=("rows", "self.symbol"))
    def run_stage(self, stage_id, rows=0): ...

    The arguments that a name has placeholders for become attributes; so do those that ``fields`` names. No other argument
    is recorded. Positional, keyword and default arguments count alike.

    :param name: the span's name, with placeholders as in ``str.format``; that of the function if none is given
    :param fields: further arguments, or attributes of them (``config.profile``); a mapping gives them other keys
    :param args: records all arguments, but for those in ``skip`` (and ``self`` or ``cls``)
    :param err: whether an exception is recorded, and makes the span a failed one
    :param ret: whether the returned value is recorded, as ``return``
    :param kind: internal, server, client, producer, consumer
    :param scope: the library or module in whose name it is recorded
    """
    if callable(name):
        return trace_span()(name)

    def decorate(function: Any) -> Any:
        if isinstance(function, (staticmethod, classmethod)):
            return type(function)(decorate(function.__func__))
        plan = _Plan(function)
        constants, fills, attributes = ([plan.name], [], []) if name is None else plan.fill(name)
        attributes += plan.fields(fields)
        if args:
            attributes += plan.everything(frozenset(skip))
        unique = dict(attributes)
        call = Call(
            constants,
            fills,
            list(unique.items()),
            span_kind(kind),
            None if scope is None else _telensic.Scope(scope),
            err,
        )
        return _wrapped(function, call.begin, ret)

    return decorate


class _Plan:
    """Where the arguments of a function are."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.name: str = getattr(function, "__qualname__", type(function).__qualname__)
        self.picks: dict[str, tuple[int | None, tuple[Any] | None]] = {}
        self.takes_any_name = False
        self.first: str | None = None
        kinds = inspect.Parameter
        for index, parameter in enumerate(inspect.signature(function).parameters.values()):
            if parameter.kind is kinds.VAR_KEYWORD:
                self.takes_any_name = True
            if parameter.kind in (kinds.VAR_KEYWORD, kinds.VAR_POSITIONAL):
                continue
            position = None if parameter.kind is kinds.KEYWORD_ONLY else index
            default = None if parameter.default is kinds.empty else (parameter.default,)
            self.picks[parameter.name] = (position, default)
            if index == 0 and parameter.name in ("self", "cls"):
                self.first = parameter.name

    def pick(self, path: str, make: Callable[[Any], str] | None = None) -> _telensic._Pick:
        """What is to be picked for ``argument.attribute.attribute``."""
        argument, *rest = path.split(".")
        if argument not in self.picks and not self.takes_any_name:
            known = ", ".join(self.picks) or "none"
            raise ValueError(
                f"{self.name} has no argument {argument!r} for its span: its arguments are {known}"
            )
        position, default = self.picks.get(argument, (None, None))
        return argument, position, default, rest, make

    def fill(
        self, template: str
    ) -> tuple[list[str], list[_telensic._Pick], list[tuple[str, _telensic._Pick]]]:
        """The constant pieces of a name, what is between them, and the attributes that come of it."""
        constants, fills, attributes = [""], [], []
        for literal, field, spec, conversion in string.Formatter().parse(template):
            constants[-1] += literal
            if field is None:
                continue
            argument = field.split(".")[0].split("[")[0]
            is_plain = argument == field and not spec and conversion is None
            if is_plain:
                fills.append(self.pick(argument))
            else:
                rest = field[len(argument) :]
                form = (
                    "{0"
                    + rest
                    + (f"!{conversion}" if conversion else "")
                    + (f":{spec}" if spec else "")
                    + "}"
                )
                fills.append(self.pick(argument, form.format))
            if argument == field and argument != self.first:
                attributes.append((argument, self.pick(argument)))
            constants.append("")
        return constants, fills, attributes

    def fields(self, fields: Iterable[str] | Mapping[str, str]) -> list[tuple[str, _telensic._Pick]]:
        if isinstance(fields, Mapping):
            return [(key, self.pick(path)) for key, path in fields.items()]
        if isinstance(fields, str):
            fields = (fields,)
        return [(path.split(".")[-1], self.pick(path)) for path in fields]

    def everything(self, skip: frozenset[str]) -> list[tuple[str, _telensic._Pick]]:
        return [(name, self.pick(name)) for name in self.picks if name not in skip and name != self.first]


def _wrapped(function: Callable[..., Any], begin: Begin, ret: bool) -> Callable[..., Any]:
    if inspect.isasyncgenfunction(function):
        return _async_generator(function, begin)
    if inspect.iscoroutinefunction(function):
        return _coroutine(function, begin, ret)
    if inspect.isgeneratorfunction(function):
        return _generator(function, begin)
    return _plain(function, begin, ret)


def _plain(function: Callable[P, R], begin: Begin, ret: bool) -> Callable[P, R]:
    if ret:

        @functools.wraps(function)
        def returning(*args: P.args, **kwargs: P.kwargs) -> R:
            with begin(args, kwargs) as span:
                result = function(*args, **kwargs)
                span.set("return", result)
                return result

        return returning

    @functools.wraps(function)
    def traced(*args: P.args, **kwargs: P.kwargs) -> R:
        with begin(args, kwargs):
            return function(*args, **kwargs)

    return traced


def _coroutine(function: Callable[P, Awaitable[R]], begin: Begin, ret: bool) -> Callable[P, Awaitable[R]]:
    @functools.wraps(function)
    async def traced(*args: P.args, **kwargs: P.kwargs) -> R:
        with begin(args, kwargs) as span:
            result = await function(*args, **kwargs)
            if ret:
                span.set("return", result)
            return result

    return traced


def _generator(
    function: Callable[P, Generator[T, Any, R]], begin: Begin
) -> Callable[P, Generator[T, Any, R]]:
    @functools.wraps(function)
    def traced(*args: P.args, **kwargs: P.kwargs) -> Generator[T, Any, R]:
        return (yield from _steps(begin(args, kwargs), function(*args, **kwargs)))

    return traced


def _steps(span: Span, generator: Generator[T, Any, R]) -> Generator[T, Any, R]:
    """Runs a generator, each step in the span; between two of them whoever asks for the next is in their own."""

    def step(work: Callable[..., T], *args: Any) -> T:
        span.enter()
        try:
            return work(*args)
        finally:
            span.leave()

    try:
        item = step(generator.send, None)
        while True:
            try:
                received = yield item
            except GeneratorExit:
                step(cast("Callable[[], T]", generator.close))
                raise
            except BaseException as error:
                item = step(generator.throw, error)
            else:
                item = step(generator.send, received)
    except StopIteration as stop:
        return cast("R", stop.value)
    except BaseException as error:
        span.fail(error)
        raise
    finally:
        span.end()


def _async_generator(
    function: Callable[P, AsyncGenerator[T, Any]], begin: Begin
) -> Callable[P, AsyncGenerator[T, Any]]:
    @functools.wraps(function)
    async def traced(*args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[T, Any]:
        span, generator = begin(args, kwargs), function(*args, **kwargs)
        try:
            item = await _in_span(span, generator.asend(None))
            while True:
                try:
                    received = yield item
                except GeneratorExit:
                    await _in_span(span, generator.aclose())
                    raise
                except BaseException as error:
                    item = await _in_span(span, generator.athrow(error))
                else:
                    item = await _in_span(span, generator.asend(received))
        except StopAsyncIteration:
            return
        except BaseException as error:
            span.fail(error)
            raise
        finally:
            span.end()

    return traced


async def _in_span(span: Span, step: Awaitable[R]) -> R:
    span.enter()
    try:
        return await step
    finally:
        span.leave()
