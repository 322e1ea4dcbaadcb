//! The W3C `traceparent` header, to and from a [`SpanContext`].
//!
//! ```text
//! 0  2 3                               35 36              52 53
//! 00 - 4bf92f3577b34da6a3ce929d0e0e4736 - 00f067aa0ba902b7 - 01
//! version       trace id, 16 bytes          parent span id    flags
//! ```
//!
//! All hex is lower case. A version above `00` is read by the same layout and may go on after another dash;
//! version `ff` is forbidden. We always write version `00`.

use telensic_tape::{SpanId, TraceId};

use super::span_context::{SpanContext, TraceFlags};

const LEN: usize = 55;

impl SpanContext {
    /// Reads a `traceparent` header value; `None` if it is malformed in any way.
    ///
    /// Spaces and tabs around the value are ignored. The result [is remote](Self::is_remote).
    ///
    /// ```
    /// use telensic::context::SpanContext;
    ///
    /// let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    /// let context = SpanContext::from_traceparent(header).unwrap();
    /// assert!(context.is_sampled());
    /// assert_eq!(context.to_traceparent(), header);
    /// assert!(SpanContext::from_traceparent("00-nonsense").is_none());
    /// ```
    pub fn from_traceparent(header: &str) -> Option<Self> {
        let (fields, rest) = trim_ows(header.as_bytes()).split_first_chunk::<LEN>()?;
        if fields[2] != b'-' || fields[35] != b'-' || fields[52] != b'-' {
            return None;
        }
        let [version] = decode(&fields[..2])?;
        match (version, rest.first()) {
            (0xff, _) => return None,
            (_, None) => {}
            (1.., Some(b'-')) => {}
            _ => return None,
        }
        let trace_id = TraceId::from_bytes(decode(&fields[3..35])?)?;
        let span_id = SpanId::from_bytes(decode(&fields[36..52])?)?;
        let [flags] = decode(&fields[53..])?;
        Some(Self::remote(trace_id, span_id, TraceFlags::from_w3c(flags)))
    }

    /// The `traceparent` header value, without allocation: 55 bytes of ASCII.
    pub fn to_traceparent_bytes(&self) -> [u8; LEN] {
        let mut header = *b"00-00000000000000000000000000000000-0000000000000000-00";
        header[3..35].copy_from_slice(&self.trace_id().to_hex());
        header[36..52].copy_from_slice(&self.span_id().to_hex());
        // Only two flags are defined, so one digit tells all.
        header[54] = b'0' + self.flags().to_w3c();
        header
    }

    /// The `traceparent` header value.
    pub fn to_traceparent(&self) -> String {
        std::str::from_utf8(&self.to_traceparent_bytes())
            .unwrap_or_default()
            .to_owned()
    }
}

fn trim_ows(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// The bytes of `2 * N` lower-case hex digits. Bad digits are gathered, not branched on.
fn decode<const N: usize>(hex: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let mut gathered = 0;
    for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
        let high = DIGIT[usize::from(pair[0])];
        let low = DIGIT[usize::from(pair[1])];
        gathered |= high | low;
        *byte = (high << 4) | low;
    }
    (gathered <= 0xf).then_some(bytes)
}

/// The value of each lower-case hex digit; 0xff for any other byte.
const DIGIT: [u8; 256] = {
    let mut table = [0xff; 256];
    let digits = b"0123456789abcdef";
    let mut value = 0;
    while value < digits.len() {
        table[digits[value] as usize] = value as u8;
        value += 1;
    }
    table
};
