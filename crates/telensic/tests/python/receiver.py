"""An OTLP backend made of OpenTelemetry's own classes: HTTP (protobuf and JSON) and gRPC.

Prints its two ports, then writes each request to the file given, a line each: how it came, and the message that the
classes made of it, as protobuf in base64. Ends with its standard input."""

import base64
import gzip
import json
import sys
import threading
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
import zstandard
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2_grpc as logs_grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as traces_grpc

IDS = {"traceId", "spanId", "parentSpanId"}
lock = threading.Lock()
out = open(sys.argv[1], "a", encoding="utf-8")


def keep(way, signal, message):
    body = base64.b64encode(message.SerializeToString()).decode()
    with lock:
        out.write(json.dumps({"way": way, "signal": signal, "body": body}) + "\n")
        out.flush()


def with_base64_ids(node):
    """OTLP has ids in hex where protobuf's JSON has base64."""
    if isinstance(node, list):
        return [with_base64_ids(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: base64.b64encode(bytes.fromhex(value)).decode() if key in IDS else with_base64_ids(value)
        for key, value in node.items()
    }


class Http(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        encoding = self.headers.get("content-encoding", "none")
        if encoding == "gzip":
            body = gzip.decompress(body)
        elif encoding == "zstd":
            body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
        message = {
            "/v1/traces": traces.ExportTraceServiceRequest,
            "/v1/logs": logs.ExportLogsServiceRequest,
            "/v1/metrics": metrics.ExportMetricsServiceRequest,
        }[self.path]()
        kind = self.headers["content-type"]
        if kind == "application/json":
            ParseDict(with_base64_ids(json.loads(body)), message)
        else:
            message.ParseFromString(body)
        keep(f"{kind} {encoding}", self.path.removeprefix("/v1/"), message)
        self.send_response(200)
        self.send_header("content-type", kind)
        answer = b"{}" if kind == "application/json" else b""
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def way(context):
    sent = {pair.key: pair.value for pair in context.invocation_metadata()}
    return "grpc " + sent.get("x-way", "none")


class Traces(traces_grpc.TraceServiceServicer):
    def Export(self, request, context):
        keep(way(context), "traces", request)
        return traces.ExportTraceServiceResponse()


class Logs(logs_grpc.LogsServiceServicer):
    def Export(self, request, context):
        keep(way(context), "logs", request)
        return logs.ExportLogsServiceResponse()


class Metrics(metrics_grpc.MetricsServiceServicer):
    def Export(self, request, context):
        keep(way(context), "metrics", request)
        return metrics.ExportMetricsServiceResponse()


http = ThreadingHTTPServer(("127.0.0.1", 0), Http)
threading.Thread(target=http.serve_forever, daemon=True).start()
server = grpc.server(futures.ThreadPoolExecutor(4))
traces_grpc.add_TraceServiceServicer_to_server(Traces(), server)
logs_grpc.add_LogsServiceServicer_to_server(Logs(), server)
metrics_grpc.add_MetricsServiceServicer_to_server(Metrics(), server)
grpc_port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(http.server_port, grpc_port, flush=True)
sys.stdin.read()
