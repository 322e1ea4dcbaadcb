"""Tapes, read back: while they are written, after they were closed, after their process was killed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telensic import _telensic

__all__ = ["Tape", "read_tape"]


@dataclass(frozen=True)
class Tape:
    """What a tape holds."""

    host: str
    pid: int
    #: ``closed``, ``live``, ``died`` or ``unknown``
    state: str
    #: Records that were lost, all reasons together.
    lost: int
    resource: dict[str, Any]
    #: Ended spans, in the order of the tape, with ``attributes`` as a mapping.
    spans: list[dict[str, Any]]
    #: Log records and events, in the order of the tape.
    logs: list[dict[str, Any]]
    #: What was in flight.
    open_spans: list[dict[str, Any]]


def read_tape(path: str | os.PathLike[str]) -> Tape:
    """Reads a tape; times are nanoseconds since 1970, ids hex."""
    head_text, spans, logs = _telensic.read_tape(path)
    head = json.loads(head_text)
    return Tape(
        host=head["host"],
        pid=head["pid"],
        state=head["state"],
        lost=head["lost"],
        resource=_attributes(head["resource"]["attributes"]),
        spans=[_record(json.loads(span)) for span in spans],
        logs=[_record(json.loads(log)) for log in logs],
        open_spans=[_record(span) for span in head["openSpans"]],
    )


def _record(record: dict[str, Any]) -> dict[str, Any]:
    """A record of OTLP's JSON in the types of Python."""
    for key, value in record.items():
        if key.endswith("UnixNano"):
            record[key] = int(value)
        elif key == "attributes":
            record[key] = _attributes(value)
        elif key == "body":
            record[key] = _value(value)
        elif key in ("events", "links"):
            record[key] = [_record(item) for item in value]
    return record


def _attributes(pairs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {pair["key"]: _value(pair.get("value", {})) for pair in pairs}


def _value(value: dict[str, Any]) -> Any:
    for kind, content in value.items():
        if kind == "intValue":
            return int(content)
        if kind == "doubleValue":
            return float(content)
        if kind == "arrayValue":
            return [_value(item) for item in content.get("values", [])]
        if kind == "kvlistValue":
            return _attributes(content.get("values", []))
        return content
    return None
