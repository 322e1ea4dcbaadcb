//! Writing.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use telensic_tape::otlp::{put_bytes, put_message, put_varint, put_varint_field};

use super::label;
use super::strings::Strings;
use crate::profile::{CpuProfile, Location, Stack};

/// The profile as a pprof file.
pub fn encode(profile: &CpuProfile) -> io::Result<Vec<u8>> {
    let mut compressed = GzEncoder::new(Vec::new(), Compression::default());
    compressed.write_all(&message(profile)?)?;
    compressed.finish()
}

fn message(profile: &CpuProfile) -> io::Result<Vec<u8>> {
    let mut strings = Strings::new();
    let mut out = Vec::new();
    for (kind, unit) in [("samples", "count"), ("cpu", "nanoseconds")] {
        put_value_type(&mut out, 1, &mut strings, kind, unit);
    }
    for stack in &profile.stacks {
        put_message(&mut out, 2, |out| put_sample(out, &mut strings, stack));
    }
    for (index, mapping) in profile.mappings.iter().enumerate() {
        let is_named = |location: &Location| location.mapping == Some(index) && !location.lines.is_empty();
        put_message(&mut out, 3, |out| {
            put_varint_field(out, 1, id_of(index));
            put_varint_field(out, 2, mapping.start);
            put_varint_field(out, 3, mapping.limit);
            put_varint_field(out, 4, mapping.file_offset);
            put_varint_field(out, 5, strings.index(&mapping.file));
            put_varint_field(out, 6, strings.index(&mapping.build_id));
            // A reader with the symbols at hand can still name what we could not.
            put_varint_field(out, 7, u64::from(profile.locations.iter().any(is_named)));
        });
    }
    for (location, id) in profile.locations.iter().zip(1..) {
        put_message(&mut out, 4, |out| {
            put_varint_field(out, 1, id);
            if let Some(mapping) = location.mapping {
                put_varint_field(out, 2, id_of(mapping));
            }
            put_varint_field(out, 3, location.address);
            for line in &location.lines {
                put_message(out, 4, |out| {
                    put_varint_field(out, 1, id_of(line.function));
                    put_varint_field(out, 2, u64::from(line.line));
                });
            }
        });
    }
    for (function, id) in profile.functions.iter().zip(1..) {
        put_message(&mut out, 5, |out| {
            let name = strings.index(&function.name);
            put_varint_field(out, 1, id);
            put_varint_field(out, 2, name);
            put_varint_field(out, 3, name);
            put_varint_field(out, 4, strings.index(&function.file));
        });
    }
    let period = 1_000_000_000 / u64::from(profile.facts.rate_hz.max(1));
    put_varint_field(&mut out, 9, profile.started.0);
    put_varint_field(&mut out, 10, profile.duration_ns);
    put_value_type(&mut out, 11, &mut strings, "cpu", "nanoseconds");
    put_varint_field(&mut out, 12, period);
    let facts = serde_json::to_string(&profile.facts)?;
    put_varint_field(&mut out, 13, strings.index(&facts));
    for text in strings.texts() {
        put_bytes(&mut out, 6, text.as_bytes());
    }
    Ok(out)
}

fn put_sample(out: &mut Vec<u8>, strings: &mut Strings, stack: &Stack) {
    put_packed(out, 1, stack.locations.iter().map(|index| id_of(*index)));
    put_packed(out, 2, [stack.samples, stack.cpu_ns]);
    let mut put_label = |key: &str, text: &str| {
        let (key, text) = (strings.index(key), strings.index(text));
        put_message(out, 3, |out| {
            put_varint_field(out, 1, key);
            put_varint_field(out, 2, text);
        });
    };
    put_label(label::THREAD, &stack.thread);
    if let Some((trace_id, span_id)) = stack.span {
        put_label(label::TRACE_ID, &trace_id.to_string());
        put_label(label::SPAN_ID, &span_id.to_string());
    }
    if let Some(stage) = &stack.stage {
        put_label(label::STAGE, stage);
    }
}

fn put_value_type(out: &mut Vec<u8>, number: u32, strings: &mut Strings, kind: &str, unit: &str) {
    put_message(out, number, |out| {
        put_varint_field(out, 1, strings.index(kind));
        put_varint_field(out, 2, strings.index(unit));
    });
}

fn put_packed(out: &mut Vec<u8>, number: u32, values: impl IntoIterator<Item = u64>) {
    let mut packed = Vec::new();
    values
        .into_iter()
        .for_each(|value| put_varint(&mut packed, value));
    put_bytes(out, number, &packed);
}

/// Ids begin at 1.
fn id_of(index: usize) -> u64 {
    index as u64 + 1
}
