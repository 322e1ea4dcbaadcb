//! What an event says, as 16 bytes: equal events have equal digests, whatever the order of their fields.
//!
//! Names of the execution, drawn ports and wall times are left out (see [`super::volatile`]). NaN is NaN, and a whole number is the same
//! as an integer and as a float, as JSON has it.

use telensic_tape::otlp::{AnyView, Attributes, LogView, Malformed};

use super::settled::settled;
use super::volatile::{UnderWay, is_drawn_port, is_volatile};

/// The first 16 bytes of a BLAKE3 hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Digest([u8; 16]);

/// What is nested deeper is read as a text by every reader of events, so it is compared no further either.
const DEEPEST: u32 = 64;

/// Fields that tell an event from others of its type within one sequence.
const IDENTITY: &[&str] = &[
    "algorithm_name",
    "bar_index",
    "decision_id",
    "fill_id",
    "hypothesis_id",
    "pnl_id",
    "position_type",
    "source_path",
    "step",
    "variable",
];

impl Digest {
    /// That of some digests and texts, in order.
    pub(super) fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        Self::finish(&hasher)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn finish(hasher: &blake3::Hasher) -> Self {
        let mut first = [0; 16];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self(first)
    }
}

/// What the event says.
pub(super) fn of_event(log: &LogView<'_>, under_way: UnderWay) -> Digest {
    digest(log, |key| !is_volatile(key), under_way)
}

/// Which event it is, whatever it says.
pub(super) fn of_identity(log: &LogView<'_>, under_way: UnderWay) -> Digest {
    digest(log, |key| IDENTITY.contains(&key), under_way)
}

fn digest(log: &LogView<'_>, is_wanted: impl Fn(&str) -> bool, under_way: UnderWay) -> Digest {
    let mut writer = Writer {
        bytes: Vec::with_capacity(512),
        under_way,
        is_wanted,
    };
    writer.text(b't', log.event_name);
    // What cannot be decoded ends the digest: both runs then have it just there, or differ.
    if writer.map(log.attributes(), 0).is_err() || writer.any("", log.body.clone(), 0).is_err() {
        writer.bytes.push(b'!');
    }
    Digest::of_parts([&writer.bytes[..]])
}

/// Writes values so that no two different ones give the same bytes.
struct Writer<W> {
    bytes: Vec<u8>,
    under_way: UnderWay,
    is_wanted: W,
}

impl<W: Fn(&str) -> bool> Writer<W> {
    fn text(&mut self, tag: u8, text: &str) {
        self.raw(tag, text.as_bytes());
    }

    fn raw(&mut self, tag: u8, bytes: &[u8]) {
        self.bytes.push(tag);
        self.bytes.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(bytes);
    }

    fn int(&mut self, int: i64) {
        self.bytes.push(b'i');
        self.bytes.extend_from_slice(&int.to_le_bytes());
    }

    fn float(&mut self, float: f64) {
        /// Beyond this not every integer has a float.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if float.fract() == 0.0 && float.abs() <= EXACT {
            return self.int(float as i64);
        }
        let one = if float.is_nan() { f64::NAN } else { float };
        self.bytes.push(b'f');
        self.bytes.extend_from_slice(&one.to_bits().to_le_bytes());
    }

    fn map(&mut self, attributes: Attributes<'_>, depth: u32) -> Result<(), Malformed> {
        let mut pairs = Vec::new();
        for pair in attributes {
            let pair = pair?;
            if depth > 0 && !is_volatile(pair.key) || depth == 0 && (self.is_wanted)(pair.key) {
                pairs.push(pair);
            }
        }
        pairs.sort_by_key(|pair| pair.key);
        self.bytes.push(b'm');
        self.bytes.extend_from_slice(&(pairs.len() as u64).to_le_bytes());
        for pair in pairs {
            self.text(b'k', pair.key);
            self.any(pair.key, pair.value, depth + 1)?;
        }
        Ok(())
    }

    fn any(&mut self, key: &str, value: AnyView<'_>, depth: u32) -> Result<(), Malformed> {
        match value {
            AnyView::Empty => self.bytes.push(b'n'),
            AnyView::Bool(truth) => self.bytes.extend_from_slice(&[b'b', u8::from(truth)]),
            AnyView::I64(nanos) if self.under_way.has_nanos(key, nanos) => self.bytes.push(b'w'),
            AnyView::I64(port) if is_drawn_port(key, port) => self.bytes.push(b'p'),
            AnyView::I64(int) => self.int(int),
            AnyView::F64(float) => self.float(float),
            AnyView::Str("NaN") => self.float(f64::NAN),
            AnyView::Str("Infinity") => self.float(f64::INFINITY),
            AnyView::Str("-Infinity") => self.float(f64::NEG_INFINITY),
            AnyView::Str(text) if self.under_way.has_text(key, text) => self.bytes.push(b'w'),
            AnyView::Str(text) => self.text(b't', &settled(text)),
            AnyView::Bytes(bytes) => self.raw(b'x', bytes),
            AnyView::Array(_) | AnyView::KeyValues(_) if depth > DEEPEST => self.bytes.push(b'd'),
            AnyView::KeyValues(pairs) => self.map(pairs, depth)?,
            AnyView::Array(items) => {
                self.bytes.push(b'[');
                for item in items {
                    self.any("", AnyView::parse(item?)?, depth + 1)?;
                }
                self.bytes.push(b']');
            }
        }
        Ok(())
    }
}
