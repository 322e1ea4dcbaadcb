"""The compute engine: hands out sleeves to actors, and names those that did not come back."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from telensic._telensic import Span
from telensic.contexts import inject
from telensic.logs import log
from telensic.ray.actor import Place, SleeveActor
from telensic.ray.cluster import cluster
from telensic.ray.fetch import fetch_tapes
from telensic.ray.home import Home
from telensic.spans import Tracer, span

T = TypeVar("T")


class SleeveDied(RuntimeError):
    """The worker of a sleeve is gone."""


@dataclass
class Sleeves(Generic[T]):
    """What came of sleeves."""

    #: The results of those that ended well.
    done: dict[str, T] = field(default_factory=dict)
    #: Why the others failed.
    failed: dict[str, BaseException] = field(default_factory=dict)

    def all(self) -> dict[str, T]:
        """All results; raises if one is missing."""
        for name, error in self.failed.items():
            count = f"{len(self.failed)} of {len(self.failed) + len(self.done)} sleeves failed"
            raise RuntimeError(f"{count}, {name} for one: {error}") from error
        return self.done


class RayComputeEngine(Generic[T]):
    """Runs sleeves on actors of a Ray cluster, so many at once.

    A sleeve that fails, or whose worker dies, harms no other: the results of the others stand.

    :param work: what a sleeve does; it is called on a worker
    :param parallelism: how many actors there are at most; as many as the cluster has CPUs by default
    :param options: options of the actors, as Ray has them: ``num_cpus=2``, ``resources={"gpu_node": 1}``
    """

    def __init__(self, work: Callable[[Any], T], *, parallelism: int | None = None, **options: Any) -> None:
        self._work = work
        self._parallelism = parallelism
        self._options = {"num_cpus": 1, **options}

    def execute_sleeves(self, profiles: Mapping[str, Any] | Iterable[str]) -> Sleeves[T]:
        """Runs a sleeve for each profile: ``work`` gets what a mapping has for it, or else its name."""
        ray = cluster()
        sleeves = dict(profiles if isinstance(profiles, Mapping) else ((name, name) for name in profiles))
        at_once = self._parallelism or int(ray.cluster_resources().get("CPU", 1))
        at_once = max(1, min(at_once, len(sleeves)))
        home = Home.of_this_process()
        with span("execute_sleeves", n_sleeves=len(sleeves), parallelism=at_once) as whole:
            actor = ray.remote(SleeveActor).options(**self._options)
            crew: _Crew[T] = _Crew(ray, lambda: actor.remote(self._work, home, inject()), sleeves)
            try:
                crew.work(min(at_once, len(sleeves)))
            finally:
                crew.dismiss()
            if crew.came.failed:
                whole.set_status("error", f"{len(crew.came.failed)} of {len(sleeves)} sleeves failed")
        away = {(place.node_id, place.node_ip, place.tapes) for place in crew.places if place.tapes}
        for node_id, node_ip, tapes in sorted(away):
            if home is not None and tapes is not None:
                fetch_tapes(ray, node_id, node_ip, tapes, home.tapes)
        return crew.came


@dataclass
class _Worker:
    """An actor, and what it does."""

    actor: Any
    #: None until it has said where it is.
    place: Place | None = None
    #: Its sleeve, and the span in which the driver waits for it.
    sleeve: tuple[str, Span] | None = None


class _Crew(Generic[T]):
    """The workers of one hand-out."""

    def __init__(self, ray: Any, actor: Callable[[], Any], sleeves: Mapping[str, Any]) -> None:
        self._ray = ray
        self._actor = actor
        self._waiting = deque(sleeves.items())
        #: Who was asked, by the reference of the answer.
        self._asked: dict[Any, _Worker] = {}
        self._idle: list[_Worker] = []
        self._tracer = Tracer()
        self.came: Sleeves[T] = Sleeves()
        self.places: list[Place] = []

    def work(self, at_once: int) -> None:
        """Until every sleeve has ended, one way or another."""
        for _ in range(at_once):
            self._hire()
        while self._waiting or any(worker.sleeve for worker in self._asked.values()):
            ready, _ = self._ray.wait(list(self._asked), num_returns=1)
            self._hear(self._asked.pop(ready[0]), ready[0])

    def dismiss(self) -> None:
        """Lets all go: those that are idle in order, the others at once."""
        closing = {worker.actor.close.remote(): worker for worker in self._idle}
        if closing:
            self._ray.wait(list(closing), num_returns=len(closing), timeout=30)
        for worker in [*self._idle, *self._asked.values()]:
            if worker.sleeve is not None:
                worker.sleeve[1].end()
            self._ray.kill(worker.actor)

    def _hire(self) -> None:
        worker = _Worker(self._actor())
        self._asked[worker.actor.where.remote()] = worker

    def _hear(self, worker: _Worker, reference: Any) -> None:
        errors = self._ray.exceptions
        try:
            answer = self._ray.get(reference)
        except errors.RayTaskError as error:
            self._end(worker, error.cause if isinstance(error.cause, BaseException) else error)
        except errors.RayError as error:
            self._lose(worker, error)
            return
        else:
            if worker.place is None:
                worker.place = answer
                self.places.append(answer)
            else:
                self._end(worker, None, answer)
        if self._waiting:
            self._begin(worker, *self._waiting.popleft())
        else:
            self._idle.append(worker)

    def _begin(self, worker: _Worker, name: str, item: Any) -> None:
        step = self._tracer.start_span(f"run_step:{name}", attributes={"sleeve": name})
        if worker.place is not None:
            step.set("node_ip", worker.place.node_ip)
            step.set("process.pid", worker.place.pid)
        worker.sleeve = (name, step)
        self._asked[worker.actor.run_pipeline.remote(name, item, inject(context=step))] = worker

    def _end(self, worker: _Worker, error: BaseException | None, result: Any = None) -> None:
        if worker.sleeve is None:
            return
        (name, step), worker.sleeve = worker.sleeve, None
        if error is None:
            self.came.done[name] = result
            step.set_status("ok")
        else:
            self.came.failed[name] = error
            step.fail(error)
        step.end()

    def _lose(self, worker: _Worker, error: BaseException) -> None:
        """One that is gone; another takes its place if there is something left to do."""
        if worker.sleeve is not None and worker.place is not None:
            name = worker.sleeve[0]
            died = SleeveDied(
                f"the worker of sleeve {name}, process {worker.place.pid} on {worker.place.node_ip}, died"
            )
            died.__cause__ = error
            self._end(worker, died)
            if self._waiting:
                self._hire()
            return
        # Ray tells where it was first, and why last.
        reason = str(error).strip().rpartition("\n")[2]
        log(logging.WARNING, f"a worker could not begin: {reason}")
        if not self._asked:
            # Nobody else is left to do it.
            while self._waiting:
                self.came.failed[self._waiting.popleft()[0]] = error
