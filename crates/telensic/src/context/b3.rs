//! Zipkin's B3 headers, in one header or in several.
//!
//! ```text
//! b3: {trace id}-{span id}[-{state}[-{parent span id}]]      or   b3: {state}
//!
//! x-b3-traceid  x-b3-spanid  x-b3-sampled  x-b3-flags: 1 (debug)  x-b3-parentspanid
//! ```
//!
//! Trace ids have 32 or 16 hex digits; short ones are padded with zeros on the left. The state is `1` accept,
//! `0` deny, `d` debug (accept without fail, and pass that on); none at all leaves the decision to us. A state
//! without ids decides on a trace that we start. The parent span id is checked and dropped.

use std::borrow::Cow;

use telensic_tape::{SpanId, TraceId};

use super::{Context, Extractor, Injector, SpanContext, TraceFlags};

pub(super) const SINGLE: &str = "b3";
pub(super) const TRACE_ID: &str = "x-b3-traceid";
pub(super) const SPAN_ID: &str = "x-b3-spanid";
pub(super) const SAMPLED: &str = "x-b3-sampled";
pub(super) const FLAGS: &str = "x-b3-flags";

/// The B3 context of a carrier laid over `context`: one header if it is there and valid, else several.
pub(super) fn extract(context: Context, carrier: &dyn Extractor) -> Context {
    let single = only_value(carrier, SINGLE).and_then(|header| parse_single(&header));
    match single.or_else(|| extract_multi(carrier)) {
        Some(B3::Span(span)) => context.with_extracted_span(span),
        // Headers of another kind that do name the trace say more.
        Some(B3::Decision(_)) if context.span().is_some() => context,
        Some(B3::Decision(sampled)) => context.with_sampling_decision(sampled),
        None => context,
    }
}

pub(super) fn inject_single(context: &Context, carrier: &mut dyn Injector) {
    if let Some(span) = context.span() {
        let mut header = String::with_capacity(51);
        header.extend(span.trace_id().to_hex().map(char::from));
        header.push('-');
        header.extend(span.span_id().to_hex().map(char::from));
        if let Some(state) = state(span.flags()) {
            header.push('-');
            header.push(state);
        }
        carrier.set(SINGLE, header);
    } else if let Some(sampled) = context.sampling_decision() {
        carrier.set(SINGLE, u8::from(sampled).to_string());
    }
}

pub(super) fn inject_multi(context: &Context, carrier: &mut dyn Injector) {
    if let Some(span) = context.span() {
        carrier.set(
            TRACE_ID,
            span.trace_id().to_hex().map(char::from).iter().collect(),
        );
        carrier.set(SPAN_ID, span.span_id().to_hex().map(char::from).iter().collect());
        match state(span.flags()) {
            // Debug implies accept, which must then not be sent as well.
            Some('d') => carrier.set(FLAGS, "1".to_owned()),
            Some(state) => carrier.set(SAMPLED, state.to_string()),
            None => {}
        }
    } else if let Some(sampled) = context.sampling_decision() {
        carrier.set(SAMPLED, u8::from(sampled).to_string());
    }
}

enum B3 {
    Span(SpanContext),
    Decision(bool),
}

fn parse_single(header: &str) -> Option<B3> {
    let header = header.trim_matches([' ', '\t']);
    let Some((trace_id, rest)) = header.split_once('-') else {
        return parse_state(header).map(|flags| B3::Decision(flags.is_sampled()));
    };
    let mut fields = rest.split('-');
    let (trace_id, span_id) = (parse_trace_id(trace_id)?, SpanId::from_hex(fields.next()?)?);
    let flags = fields.next().map_or(Some(TraceFlags::DEFERRED), parse_state)?;
    let parent_is_valid = fields
        .next()
        .is_none_or(|parent| SpanId::from_hex(parent).is_some());
    if !parent_is_valid || fields.next().is_some() {
        return None;
    }
    Some(B3::Span(SpanContext::remote(trace_id, span_id, flags)))
}

fn extract_multi(carrier: &dyn Extractor) -> Option<B3> {
    let debug = only_value(carrier, FLAGS).is_some_and(|flags| flags == "1");
    let flags = match only_value(carrier, SAMPLED) {
        _ if debug => Some(TraceFlags::SAMPLED | TraceFlags::DEBUG),
        // Old tracers wrote words.
        Some(word) if word.eq_ignore_ascii_case("true") => Some(TraceFlags::SAMPLED),
        Some(word) if word.eq_ignore_ascii_case("false") => Some(TraceFlags::NONE),
        Some(digit) => Some(parse_state(&digit).filter(|flags| !flags.is_debug())?),
        None => None,
    };
    match (only_value(carrier, TRACE_ID), only_value(carrier, SPAN_ID)) {
        (Some(trace_id), Some(span_id)) => Some(B3::Span(SpanContext::remote(
            parse_trace_id(&trace_id)?,
            SpanId::from_hex(&span_id)?,
            flags.unwrap_or(TraceFlags::DEFERRED),
        ))),
        (None, None) => flags.map(|flags| B3::Decision(flags.is_sampled())),
        _ => None,
    }
}

/// The value of a header that came once; several could contradict each other.
fn only_value<'a>(carrier: &'a dyn Extractor, key: &str) -> Option<Cow<'a, str>> {
    let mut values = carrier.get_all(key);
    if values.len() == 1 { values.pop() } else { None }
}

fn parse_trace_id(hex: &str) -> Option<TraceId> {
    if hex.len() != 16 {
        return TraceId::from_hex(hex);
    }
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&SpanId::from_hex(hex)?.to_bytes());
    TraceId::from_bytes(bytes)
}

fn parse_state(state: &str) -> Option<TraceFlags> {
    match state {
        "0" => Some(TraceFlags::NONE),
        "1" => Some(TraceFlags::SAMPLED),
        "d" => Some(TraceFlags::SAMPLED | TraceFlags::DEBUG),
        _ => None,
    }
}

fn state(flags: TraceFlags) -> Option<char> {
    match flags {
        _ if flags.is_deferred() => None,
        _ if flags.is_debug() => Some('d'),
        _ => Some(if flags.is_sampled() { '1' } else { '0' }),
    }
}
