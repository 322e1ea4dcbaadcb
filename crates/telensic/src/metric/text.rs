//! Metrics as text: Prometheus 0.0.4 and OpenMetrics 1.0.
//!
//! ```text
//! # HELP orders_total orders sent       # HELP orders orders sent
//! # TYPE orders_total counter           # TYPE orders counter
//! orders_total{side="buy"} 3            orders_total{side="buy"} 3
//!                                       # EOF
//! ```

use std::fmt::Write;

use super::definition::{Definition, Kind};
use super::exemplar::Exemplar;
use super::exposition::Format;
use super::family::Point;
use super::instrument::{Distribution, Reading};
use super::registry::Snapshot;

/// The text of a snapshot.
pub(super) fn write(snapshot: &Snapshot, format: Format) -> String {
    let mut writer = Writer {
        text: String::new(),
        format,
    };
    for family in &snapshot.families {
        writer.head(&family.definition);
        for point in &family.points {
            writer.point(&family.definition, point);
        }
    }
    if format == Format::OpenMetrics {
        writer.text.push_str("# EOF\n");
    }
    writer.text
}

struct Writer {
    text: String,
    format: Format,
}

impl Writer {
    fn head(&mut self, definition: &Definition) {
        let name = match (self.format, definition.kind) {
            (Format::OpenMetrics, Kind::Counter) => Definition::base_of(&definition.name),
            _ => &definition.name,
        };
        self.put(&["# HELP ", name, " "]);
        self.escaped(&definition.help, self.format == Format::OpenMetrics);
        self.put(&["\n# TYPE ", name, " ", definition.kind.prometheus(), "\n"]);
    }

    fn point(&mut self, definition: &Definition, point: &Point) {
        match &point.reading {
            Reading::Whole(count) => {
                self.sample(definition, "", point, None);
                let _ = write!(self.text, " {count}");
                self.text.push('\n');
            }
            Reading::Number(number) => {
                self.sample(definition, "", point, None);
                self.text.push(' ');
                self.number(*number);
                self.text.push('\n');
            }
            Reading::Histogram(distribution) => self.distribution(definition, point, distribution),
        }
    }

    fn distribution(&mut self, definition: &Definition, point: &Point, distribution: &Distribution) {
        let mut count = 0;
        let bounds = definition.bounds.iter().copied().chain([f64::INFINITY]);
        let buckets = distribution.counts.iter().zip(&distribution.exemplars);
        for (bound, (in_bucket, exemplar)) in bounds.zip(buckets) {
            count += in_bucket;
            self.sample(definition, "_bucket", point, Some(bound));
            let _ = write!(self.text, " {count}");
            if let Some(exemplar) = exemplar.filter(|_| self.format == Format::OpenMetrics) {
                self.exemplar(&exemplar);
            }
            self.text.push('\n');
        }
        self.sample(definition, "_sum", point, None);
        self.text.push(' ');
        self.number(distribution.sum);
        self.text.push('\n');
        self.sample(definition, "_count", point, None);
        let _ = writeln!(self.text, " {count}");
    }

    /// Name and labels, a bucket's bound among them.
    fn sample(&mut self, definition: &Definition, suffix: &str, point: &Point, bound: Option<f64>) {
        self.put(&[&definition.name, suffix]);
        let mut opening = "{";
        for (label, value) in definition.labels.iter().zip(point.values.iter()) {
            self.put(&[opening, label, "=\""]);
            self.escaped(value, true);
            self.text.push('"');
            opening = ",";
        }
        if let Some(bound) = bound {
            self.put(&[opening, "le=\""]);
            self.bound(bound);
            self.text.push('"');
            opening = ",";
        }
        if opening == "," {
            self.text.push('}');
        }
    }

    fn exemplar(&mut self, exemplar: &Exemplar) {
        let Exemplar {
            trace_id, span_id, ..
        } = exemplar;
        let _ = write!(self.text, " # {{trace_id=\"{trace_id}\",span_id=\"{span_id}\"}} ");
        self.number(exemplar.value);
        let millis = exemplar.at.0 / 1_000_000;
        let _ = write!(self.text, " {}.{:03}", millis / 1000, millis % 1000);
    }

    /// A bucket's bound: OpenMetrics wants a float, Prometheus' own clients write none where it is whole.
    fn bound(&mut self, bound: f64) {
        let before = self.text.len();
        self.number(bound);
        if self.format == Format::Prometheus && self.text[before..].ends_with(".0") {
            self.text.truncate(self.text.len() - 2);
        }
    }

    fn number(&mut self, number: f64) {
        if number.is_finite() {
            self.text.push_str(ryu::Buffer::new().format_finite(number));
        } else if number.is_nan() {
            self.text.push_str("NaN");
        } else {
            self.text.push_str(if number > 0.0 { "+Inf" } else { "-Inf" });
        }
    }

    fn escaped(&mut self, text: &str, quotes_too: bool) {
        for character in text.chars() {
            match character {
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '"' if quotes_too => self.text.push_str("\\\""),
                _ => self.text.push(character),
            }
        }
    }

    fn put(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.text.push_str(part));
    }
}
