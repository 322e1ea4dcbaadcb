//! Any bytes as a `traceparent` header, held against a slow and plain reading of the grammar.

#![no_main]

use libfuzzer_sys::fuzz_target;
use telensic::context::{Propagators, SpanContext};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let read = SpanContext::from_traceparent(&text);
    assert_eq!(read.is_some(), is_traceparent(&text), "{text:?}");
    if let Some(span) = read {
        assert!(span.is_remote());
        assert_eq!(SpanContext::from_traceparent(&span.to_traceparent()), Some(span));
    }
    let headers = std::collections::HashMap::from([("traceparent".to_owned(), text.into_owned())]);
    assert_eq!(Propagators::default().extract(&headers).span().copied(), read);
});

fn is_traceparent(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t']);
    let fields: Vec<&str> = text.splitn(5, '-').collect();
    let is_hex = |field: &str, len| {
        field.len() == len && field.bytes().all(|byte| b"0123456789abcdef".contains(&byte))
    };
    fields.len() >= 4
        && is_hex(fields[0], 2)
        && fields[0] != "ff"
        && is_hex(fields[1], 32)
        && is_hex(fields[2], 16)
        && is_hex(fields[3], 2)
        && fields[1].bytes().any(|byte| byte != b'0')
        && fields[2].bytes().any(|byte| byte != b'0')
        && (fields.len() == 4 || fields[0] != "00")
}
