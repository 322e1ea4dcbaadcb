//! Headers as a carrier of contexts, in both directions.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};

#[cfg(any(feature = "reqwest", feature = "tonic"))]
use crate::Span;
use crate::context::{Extractor, Injector};

/// Sends the context of a span along; of one that belongs to no trace, the current one.
#[cfg(any(feature = "reqwest", feature = "tonic"))]
pub(crate) fn send_along(span: &Span, headers: &mut HeaderMap) {
    let own = span.context();
    if own.is_empty() {
        crate::inject(&crate::current_context(), headers);
    } else {
        crate::inject(&own, headers);
    }
}

impl Injector for HeaderMap {
    fn set(&mut self, key: &str, value: String) {
        // Propagators write nothing but valid names and values; of another carrier's words, what no header can hold
        // cannot travel.
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(key.as_bytes()),
            HeaderValue::from_maybe_shared(bytes::Bytes::from(value)),
        ) {
            self.insert(name, value);
        }
    }
}

impl Extractor for HeaderMap {
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>> {
        let values = HeaderMap::get_all(self, key).iter();
        values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect()
    }
}

#[cfg(feature = "tonic")]
impl Injector for tonic::metadata::MetadataMap {
    fn set(&mut self, key: &str, value: String) {
        self.as_mut().set(key, value);
    }
}

#[cfg(feature = "tonic")]
impl Extractor for tonic::metadata::MetadataMap {
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>> {
        Extractor::get_all(self.as_ref(), key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{Baggage, Context, Propagators, SpanContext};

    #[test]
    fn a_context_goes_into_headers_and_comes_out_again_in_place_of_what_was_there() {
        let span = SpanContext::from_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        let baggage = Baggage::parse("run_id=r-42,symbol=%C3%A4");
        let context = Context::new().with_span(span.unwrap()).with_baggage(baggage);
        let mut headers = HeaderMap::new();
        headers.append("TraceParent", HeaderValue::from_static("stale"));
        headers.append("traceparent", HeaderValue::from_static("staler"));
        Propagators::default().inject(&context, &mut headers);
        assert_eq!(headers.get_all("traceparent").iter().count(), 1);
        assert_eq!(Propagators::default().extract(&headers), context);
    }

    #[test]
    fn what_no_header_can_hold_does_not_travel_and_bytes_that_are_no_text_are_read_as_such() {
        let mut headers = HeaderMap::new();
        headers.set("two words", "value".to_owned());
        headers.set("name", "two\nlines".to_owned());
        assert!(headers.is_empty());
        headers.append("tracestate", HeaderValue::from_bytes(b"a=1,\xff").unwrap());
        assert_eq!(Extractor::get_all(&headers, "tracestate"), ["a=1,\u{fffd}"]);
    }
}
