"""Tapes on their way from other nodes, through the object store.

Invariant: a tape has its name in the driver's directory only when it is whole, and is removed from its node only after that.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from telensic.logs import log
from telensic.spans import span
from telensic.tapes import read_tape

PIECE = 8 << 20


def fetch_tapes(ray: Any, node_id: str, node_ip: str, directory: str, into: Path) -> None:
    """Brings all tapes of this directory of a node; what cannot be had is told of, and stays where it is."""
    strategies = ray.util.scheduling_strategies
    there = {
        "num_cpus": 0,
        "scheduling_strategy": strategies.NodeAffinitySchedulingStrategy(node_id, soft=False),
    }
    with span("fetch_tapes", node_ip=node_ip) as fetching:
        try:
            # Not the whole of a tape at once in the object store.
            pieces = ray.remote(_pieces).options(
                num_returns="streaming", _generator_backpressure_num_objects=4, **there
            )
            fetched = _keep((ray.get(piece) for piece in pieces.remote(directory)), into, node_id)
            ray.get(ray.remote(_remove).options(**there).remote(directory, fetched))
            fetching.set("tapes", len(fetched))
        except (ray.exceptions.RayError, OSError) as error:
            fetching.fail(error)
            reason = str(error).strip().partition("\n")[0]
            log(
                logging.ERROR,
                f"the tapes in {directory} of node {node_ip} are missing: {reason}",
                node_ip=node_ip,
            )


def _pieces(directory: str) -> Iterator[tuple[str, int, bytes]]:
    """On the node: every tape in pieces, with its name and length."""
    for path in sorted(Path(directory).glob("*.tape")):
        with path.open("rb") as tape:
            length = os.fstat(tape.fileno()).st_size
            while (left := length - tape.tell()) > 0:
                piece = tape.read(min(PIECE, left))
                if not piece:
                    raise OSError(f"{path} became shorter while it was read")
                yield path.name, length, piece


def _remove(directory: str, names: list[str]) -> None:
    """On the node: what was fetched, unless it goes on."""
    for path in (Path(directory, name) for name in names):
        if read_tape(path).state != "live":
            path.unlink()
    # Only if nothing is left.
    with suppress(OSError):
        Path(directory).rmdir()
        Path(directory).parent.rmdir()


def _keep(pieces: Iterator[tuple[str, int, bytes]], into: Path, node_id: str) -> list[str]:
    """The names of the tapes that are whole now."""
    fetched = []
    for name, length, first in pieces:
        # No reader takes this for a tape.
        part = into / f"{name}.{node_id}.part"
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as kept:
                kept.write(first)
                while kept.tell() < length:
                    kept.write(next(pieces)[2])
                kept.flush()
                os.fsync(kept.fileno())
            whole = into / name
            if whole.exists():
                # Nodes may be called alike.
                whole = whole.with_stem(f"{whole.stem}-{node_id[:12]}")
            part.rename(whole)
        finally:
            part.unlink(missing_ok=True)
        fetched.append(name)
    return fetched
