"""A small pipeline of three processes that knows nothing of Telensic, only the official OpenTelemetry SDK.

    telensic run --profile nightly -- python3 examples/opentelemetry/pipeline.py

The endpoint comes from OTEL_EXPORTER_OTLP_ENDPOINT, the trace from TRACEPARENT.
"""

import os
import subprocess
import sys
import time

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

stage = sys.argv[1] if len(sys.argv) > 1 else "engine"
provider = TracerProvider(resource=Resource.create({"service.name": stage, "process.pid": os.getpid()}))
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("nightly")
parent = propagate.extract({"traceparent": os.environ.get("TRACEPARENT", "")})

with tracer.start_as_current_span(f"run_stage:{stage}", context=parent, attributes={"stage_id": stage}) as span:
    print(f"{stage} begins", flush=True)
    if stage == "engine":
        carrier = {}
        propagate.inject(carrier)
        environment = {**os.environ, "TRACEPARENT": carrier["traceparent"]}
        workers = [
            subprocess.Popen([sys.executable, __file__, name], env=environment) for name in ("bull", "bear")
        ]
        for worker in workers:
            worker.wait()
    else:
        for step in ("load", "features", "select"):
            with tracer.start_as_current_span(f"run_step:{step}", attributes={"step": step, "symbol": "BTCUSDT"}):
                time.sleep(0.01)
        print(f"{stage} has no fill for one epoch", file=sys.stderr, flush=True)

provider.shutdown()
