//! Telling a record's resource or scope by attributes of the record itself.
//!
//! For the resources and scopes beyond those that have tapes and chunks of their own. What the record says itself
//! stands; a scope's name and version get the names that OpenTelemetry gives them where a format has no scopes.

use std::collections::HashSet;

use telensic_tape::Signal;
use telensic_tape::otlp::{self, Attributes, LogView, Repeated, ScopeView, SpanView, Value, field};

/// What a record is told by: encoded `KeyValue`s and their keys.
#[derive(Debug, Default)]
pub(super) struct Telling {
    pairs: Vec<(String, Vec<u8>)>,
    len: usize,
    /// Attributes that are too many to be repeated in every record.
    left_out: u64,
}

/// As many bytes as may be added to each record.
const MOST: usize = 4096;

/// The field of `Metric` that takes attributes of the metric as a whole.
const METRIC_METADATA: u32 = 12;

impl Telling {
    /// Adds the attributes of an encoded `Resource`, which is safe to be written.
    pub(super) fn add_resource(&mut self, resource: &[u8]) {
        self.add_attributes(resource, field::resource::ATTRIBUTE);
    }

    /// Adds what an encoded `InstrumentationScope` says, which is safe to be written.
    pub(super) fn add_scope(&mut self, scope: &[u8]) {
        if let Ok(view) = ScopeView::parse(scope) {
            for (key, text) in [
                ("otel.scope.name", view.name),
                ("otel.scope.version", view.version),
            ] {
                if !text.is_empty() {
                    let mut pair = Vec::new();
                    otlp::put_bytes(&mut pair, field::key_value::KEY, key.as_bytes());
                    Value::Str(text).put(&mut pair, field::key_value::VALUE);
                    self.add(key, &pair);
                }
            }
        }
        self.add_attributes(scope, field::scope::ATTRIBUTE);
    }

    fn add_attributes(&mut self, owner: &[u8], number: u32) {
        let pairs = Repeated::new(owner, number).zip(Attributes::new(owner, number));
        for (pair, view) in pairs {
            if let (Ok(pair), Ok(view)) = (pair, view) {
                self.add(view.key, pair);
            }
        }
    }

    fn add(&mut self, key: &str, pair: &[u8]) {
        if self.len + pair.len() > MOST {
            self.left_out += 1;
            return;
        }
        self.len += pair.len();
        self.pairs.push((key.to_owned(), pair.to_vec()));
    }

    /// The record with these attributes.
    pub(super) fn tell(&self, signal: Signal, record: &[u8]) -> Vec<u8> {
        let number = attribute_field(signal);
        let own: HashSet<&str> = Attributes::new(record, number)
            .flatten()
            .map(|pair| pair.key)
            .collect();
        let mut told = Vec::with_capacity(record.len() + self.len + 64);
        told.extend_from_slice(record);
        for (key, pair) in &self.pairs {
            if !own.contains(key.as_str()) {
                otlp::put_bytes(&mut told, number, pair);
            }
        }
        if self.left_out > 0
            && let Some((number, before)) = dropped(signal, record)
        {
            let dropped = before.saturating_add(self.left_out).min(u32::MAX.into());
            otlp::put_varint_field(&mut told, number, dropped);
        }
        told
    }
}

fn attribute_field(signal: Signal) -> u32 {
    match signal {
        Signal::Spans => field::span::ATTRIBUTE,
        Signal::Logs => field::log::ATTRIBUTE,
        Signal::Metrics => METRIC_METADATA,
    }
}

/// The field that counts what was left out, and its value; a metric has none.
fn dropped(signal: Signal, record: &[u8]) -> Option<(u32, u64)> {
    match signal {
        Signal::Spans => {
            let span = SpanView::parse(record).ok()?;
            Some((field::span::DROPPED_ATTRIBUTES, span.dropped_attributes))
        }
        Signal::Logs => {
            let log = LogView::parse(record).ok()?;
            Some((field::log::DROPPED_ATTRIBUTES, log.dropped_attributes))
        }
        Signal::Metrics => None,
    }
}
