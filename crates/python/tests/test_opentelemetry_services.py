"""Services that know nothing of us, run by ``opentelemetry-instrument``: what is recorded is what the official SDK records."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import tapes

pytest.importorskip("opentelemetry.instrumentation.fastapi")

SERVICES = Path(__file__).parent / "services"
KINDS = {1: "INTERNAL", 2: "SERVER", 3: "CLIENT", 4: "PRODUCER", 5: "CONSUMER"}
CODES = {None: "UNSET", 0: "UNSET", 1: "OK", 2: "ERROR"}

#: The port that the client's system has chosen.
ANY = ("net.peer.port", "client.port")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Service:
    """A process of ``opentelemetry-instrument``, running uvicorn."""

    def __init__(self, name: str, port: int, back: int, **settings: str) -> None:
        scripts = Path(sys.executable).parent
        environment = {
            **os.environ,
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "BACK": f"http://127.0.0.1:{back}",
            "OTEL_SERVICE_NAME": name,
            **settings,
        }
        self.port = port
        self.process = subprocess.Popen(
            [
                scripts / "opentelemetry-instrument",
                "uvicorn",
                "market:app",
                "--port",
                str(port),
                "--log-level",
                "critical",
            ],
            cwd=SERVICES,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                pytest.fail(f"the service has ended: {self.process.communicate()[1]}")
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        pytest.fail("the service does not listen")

    def get(self, path: str) -> int:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"User-Agent": "test"}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def end(self) -> str:
        # After SIGTERM uvicorn lets the process be killed by it: the official SDK would lose its last batch.
        self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate(timeout=60)
        return out


def run(ports: tuple[int, int], **settings: str) -> str:
    """Asks both services, and returns what they have written to stdout."""
    front = Service("front", ports[0], ports[1], **settings)
    back = Service("back", ports[1], ports[1], **settings)
    try:
        front.wait()
        back.wait()
        assert front.get("/portfolio/AAPL") == 200
        assert front.get("/chain") == 200
        assert front.get("/fails") == 500
    finally:
        out = front.end() + back.end()
    return out


def ours(directory: Path) -> list[dict[str, Any]]:
    spans = []
    for tape in tapes(directory):
        for span in tape.spans:
            spans.append(
                {
                    "service": tape.resource["service.name"],
                    "name": span["name"],
                    "kind": KINDS[span["kind"]],
                    "status": CODES[span.get("status", {}).get("code")],
                    "description": span.get("status", {}).get("message"),
                    "attributes": span.get("attributes", {}),
                    "events": [(event["name"], event["attributes"]) for event in span.get("events", [])],
                    "id": span["spanId"],
                    "parent": span.get("parentSpanId") or None,
                    "trace": span["traceId"],
                }
            )
    return spans


def theirs(ports: tuple[int, int]) -> list[dict[str, Any]]:
    out = run(
        ports,
        OTEL_PYTHON_DISTRO="distro",
        OTEL_PYTHON_CONFIGURATOR="configurator",
        OTEL_TRACES_EXPORTER="console",
        OTEL_METRICS_EXPORTER="none",
        OTEL_LOGS_EXPORTER="none",
    )
    spans, decoder, at = [], json.JSONDecoder(), 0
    while (at := out.find("{", at)) >= 0:
        span, at = decoder.raw_decode(out, at)
        spans.append(
            {
                "service": span["resource"]["attributes"]["service.name"],
                "name": span["name"],
                "kind": span["kind"].removeprefix("SpanKind."),
                "status": span["status"]["status_code"],
                "description": span["status"].get("description"),
                "attributes": span["attributes"],
                "events": [(event["name"], event["attributes"]) for event in span["events"]],
                "id": span["context"]["span_id"].removeprefix("0x"),
                "parent": span["parent_id"] and span["parent_id"].removeprefix("0x"),
                "trace": span["context"]["trace_id"].removeprefix("0x"),
            }
        )
    return spans


def described(spans: list[dict[str, Any]]) -> Counter[str]:
    """Each span with its ancestors: equal, whatever the ids and the order are."""
    by_id = {span["id"]: span for span in spans}

    def line(span: dict[str, Any]) -> str:
        names, above = [], span
        while above["parent"]:
            above = by_id[above["parent"]]
            names.append(f"{above['service']} {above['kind']} {above['name']}")
        attributes = {
            key: "any" if key in ANY and span["kind"] == "SERVER" else value
            for key, value in span["attributes"].items()
        }
        # Of a stack only what it ends with: its lines tell whose files they are.
        events = [
            (
                name,
                {**of, "exception.stacktrace": of.get("exception.stacktrace", "").strip().splitlines()[-1:]},
            )
            for name, of in span["events"]
        ]
        told = {name: span[name] for name in ("service", "name", "kind", "status", "description")}
        return json.dumps(
            {**told, "attributes": attributes, "events": events, "above": names}, sort_keys=True
        )

    return Counter(map(line, spans))


PORTS = (free_port(), free_port())


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where both services have recorded."""
    directory = tmp_path_factory.mktemp("services")
    run(
        PORTS,
        OTEL_PYTHON_DISTRO="telensic",
        OTEL_PYTHON_CONFIGURATOR="telensic",
        TELENSIC_DIR=str(directory),
    )
    return directory


def test_the_spans_of_two_services_are_those_that_the_official_sdk_records(directory: Path) -> None:
    recorded, expected = ours(directory), theirs(PORTS)
    assert len(expected) > 20, "the official SDK has recorded the same program"
    assert described(recorded) == described(expected)

    # The front's request, its two calls, what the back did for them: one trace.
    root = next(span for span in recorded if span["name"] == "GET /portfolio/{name}")
    trace = [span for span in recorded if span["trace"] == root["trace"]]
    assert root["parent"] is None
    assert {span["service"] for span in trace} == {"front", "back"}
    assert sum(span["name"] == "GET /quotes/{symbol}" for span in trace) == 2


def test_log_records_of_an_instrumented_service_belong_to_its_spans(directory: Path) -> None:
    spans = ours(directory)
    logs = [log for tape in tapes(directory) for log in tape.logs if log.get("body") == "quoted AAPL"]
    assert len(logs) == 2, "once by httpx and once by requests"
    for log in logs:
        assert log["attributes"]["symbol"] == "AAPL"
        assert log["traceId"] in {span["trace"] for span in spans if span["service"] == "front"}
