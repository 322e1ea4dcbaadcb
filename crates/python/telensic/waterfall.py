"""A run as a piece of HTML: its stages, what is wrong, and its spans over time.

Invariant: it needs nothing but itself, no script among it, and whatever was recorded is text in it, never markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

Span = Mapping[str, Any]

#: More rows than these nobody reads in a notebook.
ROWS = 60

STYLE = """<style>
.telensic{font:13px/1.5 system-ui,sans-serif;max-width:72em}
.telensic table{font:inherit;border-collapse:collapse;margin:.6em 0}
.telensic th,.telensic td{padding:.1em .8em;text-align:right;border-bottom:1px solid rgba(128,128,128,.3)}
.telensic th:first-child,.telensic td:first-child{text-align:left}
.telensic .bad{color:#c2403a}
.telensic .row{display:grid;grid-template-columns:minmax(12em,34%) 1fr 6em;gap:.6em}
.telensic .row>span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.telensic .row>span:last-child{text-align:right}
.telensic .bar{position:relative;background:rgba(128,128,128,.12)}
.telensic .bar i{position:absolute;top:25%;height:50%;min-width:1px;background:#1f6f78}
.telensic .bar .bad{background:#c2403a}
</style>"""


def page(health: Mapping[str, Any], spans: Sequence[Span]) -> str:
    """All of it."""
    parts = [STYLE, *_head(health), *_stages(health), *_wrong(health), *_waterfall(spans)]
    return f'<div class="telensic">{"".join(parts)}</div>'


def _head(health: Mapping[str, Any]) -> Iterator[str]:
    status = str(health["status"])
    mark = "" if status == "succeeded" else ' class="bad"'
    parallelism = health["parallelism"]
    of = (
        ""
        if parallelism["efficiency"] is None
        else f", {parallelism['efficiency']:.0%} of {parallelism['ideal']}"
    )
    yield f"<b>{escape(str(health['profile']))}</b> {escape(str(health['run_id']))} "
    yield f"<span{mark}>{escape(status)}</span> in {duration(health['wall_ns'])}, "
    yield f"{health['span_count']:,} spans, speed-up {parallelism['speedup']:.2f}{of}"
    if health["error"]:
        yield f'<div class="bad">{escape(str(health["error"]))}</div>'


def _stages(health: Mapping[str, Any]) -> Iterator[str]:
    heads = ("Stage", "Status", "Duration", "Self", "Share", "Gain if removed", "Retries", "Node")
    yield f"<table><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>"
    for stage in health["stages"][:ROWS]:
        status = str(stage["status"])
        mark = "" if status == "ok" else ' class="bad"'
        cells = (
            duration(stage["duration_ns"]),
            duration(stage["self_ns"]),
            f"{stage['share']:.1%}",
            duration(stage["removal_gain_ns"]),
            f"{stage['retries']:,}",
            escape(", ".join(map(str, stage["hosts"]))),
        )
        yield f"<tr><td>{escape(str(stage['id']))}</td><td{mark}>{escape(status)}</td>"
        yield "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    yield "</table>"
    if len(health["stages"]) > ROWS:
        yield f"<div>and {len(health['stages']) - ROWS:,} more stages</div>"


def _wrong(health: Mapping[str, Any]) -> Iterator[str]:
    for gap in health["gaps"]["first"]:
        about = (
            gap.get("sleeve")
            or gap.get("tape")
            or gap.get("service")
            or f"{gap.get('seen')} of {gap.get('expected')}"
        )
        cause = f": {gap['cause']}" if gap.get("cause") else ""
        yield f'<div class="bad">{escape(gap["kind"].replace("_", " "))}: {escape(f"{about}{cause}")}</div>'
    for error in health["errors"]:
        yield f'<div class="bad">{error["count"]:,} times {escape(str(error["cause"]))}</div>'


def _waterfall(spans: Sequence[Span]) -> Iterator[str]:
    if not spans:
        return
    first = min(span["start_time"] for span in spans)
    extent = max(1, max(_end(span) for span in spans) - first)
    rows = _rows(spans)
    for depth, span in rows:
        left, width = (
            100 * (at / extent) for at in (span["start_time"] - first, _end(span) - span["start_time"])
        )
        mark = ' class="bad"' if span["status"] == "ERROR" else ""
        name = escape(str(span["name"]))
        about = escape(", ".join(f"{key}={value}" for key, value in span["attributes"].items()))
        yield f'<div class="row" title="{about}"><span style="padding-left:{min(depth, 12)}em">{name}</span>'
        yield f'<span class="bar"><i{mark} style="left:{left:.3f}%;width:{width:.3f}%"></i></span>'
        yield f"<span>{duration(_end(span) - span['start_time'])}</span></div>"
    if len(rows) < len(spans):
        yield f"<div>and {len(spans) - len(rows):,} shorter spans</div>"


def _rows(spans: Sequence[Span]) -> list[tuple[int, Span]]:
    """The longest spans, each after its parent and with its depth."""
    known = {span["span_id"]: span for span in spans}
    shown: set[str] = set()
    for span in sorted(spans, key=lambda span: span["start_time"] - _end(span)):
        way = []
        at: Span | None = span
        while at is not None and at["span_id"] not in shown and at["span_id"] not in way:
            way.append(at["span_id"])
            at = known.get(at["parent_span_id"])
        if len(shown) + len(way) <= ROWS:
            shown.update(way)
    below: dict[str | None, list[Span]] = {}
    for span in spans:
        if span["span_id"] in shown:
            parent = span["parent_span_id"]
            below.setdefault(parent if parent in known and parent != span["span_id"] else None, []).append(
                span
            )
    rows = []
    waiting = [(0, span) for span in reversed(below.get(None, []))]
    while waiting:
        depth, span = waiting.pop()
        rows.append((depth, span))
        waiting += [(depth + 1, child) for child in reversed(below.pop(span["span_id"], []))]
    return rows


def _end(span: Span) -> int:
    # One that was open has none, or that of the last sign of life.
    return max(int(span["end_time"] or span["start_time"]), int(span["start_time"]))


def duration(nanoseconds: int) -> str:
    """A duration in three digits and a unit."""
    for unit, size in (("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000)):
        if nanoseconds >= size:
            return (
                f"{nanoseconds / size:.3g} {unit}"
                if nanoseconds < 1_000 * size
                else f"{nanoseconds // size:,} {unit}"
            )
    return f"{nanoseconds} ns"
