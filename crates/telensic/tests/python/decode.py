"""Parses two files, an ExportTraceServiceRequest and an ExportLogsServiceRequest, by OpenTelemetry's own classes,
and prints what is in them as one JSON object."""

import json
import sys

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


def read(message, path):
    with open(path, "rb") as file:
        message.ParseFromString(file.read())
    return MessageToDict(message)


print(
    json.dumps(
        {
            "traces": read(ExportTraceServiceRequest(), sys.argv[1]),
            "logs": read(ExportLogsServiceRequest(), sys.argv[2]),
        }
    )
)
