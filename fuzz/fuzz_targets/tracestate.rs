//! Any bytes as `tracestate` headers, a line each, and changes to what was read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use telensic::context::TraceState;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let headers: Vec<&str> = text.split('\n').collect();
    let Some(state) = TraceState::from_headers(headers.iter().copied()) else {
        return;
    };
    is_sound(&state);
    let mut changed = state.clone();
    let last = headers.last().copied().unwrap_or_default();
    let (key, value) = last.split_once('=').unwrap_or((last, "value"));
    if changed.insert(key, value) {
        is_sound(&changed);
        assert_eq!(changed.iter().next(), Some((key, value)));
        assert!(changed.remove(key));
        assert_eq!(changed.get(key), None);
    } else {
        assert_eq!(changed, state);
    }
});

fn is_sound(state: &TraceState) {
    assert!(
        !state.is_empty() && state.len() <= 32 && state.as_str().len() <= 512,
        "{state:?}"
    );
    assert_eq!(TraceState::parse(state.as_str()).as_ref(), Some(state));
    let mut keys: Vec<&str> = state.iter().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), state.len());
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), state.len(), "a key is there twice: {state:?}");
}
