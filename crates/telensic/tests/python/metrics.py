"""Reads both texts of metrics with Prometheus' own parsers, and checks what is in them."""

import math
import pathlib
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_open
from prometheus_client.parser import text_string_to_metric_families as read_plain

directory = pathlib.Path(sys.argv[1])


def samples(families):
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample
        for family in families
        for sample in family.samples
    }


def check(families, bound):
    families = list(families)
    kinds = {family.name: family.type for family in families}
    found = samples(families)

    def value(name, **labels):
        return found[name, tuple(sorted(labels.items()))].value

    for text in ["plain", 'quote"', "back\\slash", "new\nline", "\u20acuro", "", '{a="b"} 5']:
        assert value("odd_total", text=text) == 1, text
    assert value("odd_total", text="part") == 0.25
    assert math.isnan(value("level", which="nan"))
    assert value("level", which="low") == -math.inf
    assert value("level", which="huge") == 1e300
    assert value("level", which="tiny") == -1e-300
    assert value("open_orders") == -3
    assert value("size_bytes_bucket", le=bound) == 0
    assert value("size_bytes_bucket", le="10.5") == 1
    assert value("size_bytes_bucket", le="+Inf") == 2
    assert value("size_bytes_count") == 2
    assert value("size_bytes_sum") == 1e12 + 7.5
    assert value("stage_success_total", stage_id="load") == 1
    assert value("adapter_success_rate", provider="finnhub") == 0
    assert kinds["odd"] == "counter" and kinds["level"] == "gauge" and kinds["size_bytes"] == "histogram", kinds
    documentation = {family.name: family.documentation for family in families}
    assert documentation["odd"] == 'says "so", back\\slash and\nnew line', documentation["odd"]
    return found


check(read_plain((directory / "prometheus.txt").read_text()), "1")
found = check(read_open((directory / "openmetrics.txt").read_text()), "1.0")

exemplar = found["size_bytes_bucket", (("le", "10.5"),)].exemplar
assert exemplar.value == 7.5, exemplar
assert len(exemplar.labels["trace_id"]) == 32 and len(exemplar.labels["span_id"]) == 16, exemplar
assert float(exemplar.timestamp) > 1.7e9, exemplar
# Recorded outside of any span.
assert found["size_bytes_bucket", (("le", "+Inf"),)].exemplar is None
