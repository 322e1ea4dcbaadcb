//! Any bytes as B3 headers: a line each for `b3` and the five of the older form.

#![no_main]

use std::collections::HashMap;

use libfuzzer_sys::fuzz_target;
use telensic::context::{Context, Propagator, Propagators};

const NAMES: [&str; 6] = [
    "b3",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-sampled",
    "x-b3-flags",
    "x-b3-parentspanid",
];

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let headers: HashMap<String, String> = NAMES
        .into_iter()
        .zip(text.split('\n'))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    for propagator in [Propagator::B3, Propagator::B3Multi] {
        let propagators: Propagators = [propagator].into_iter().collect();
        let read = propagators.extract(&headers);
        let mut written = HashMap::new();
        propagators.inject(&read, &mut written);
        assert_eq!(propagators.extract(&written), read, "{headers:?}");
        assert!(read.span().is_none() || read.sampling_decision().is_none());
        if headers.is_empty() {
            assert_eq!(read, Context::new());
        }
    }
});
