//! Any bytes as `baggage` headers, a line each, and changes to what was read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use telensic::context::Baggage;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut baggage = Baggage::from_headers(text.split('\n'));
    is_sound(&baggage);
    let key: String = text.chars().take(8).collect();
    let before = baggage.clone();
    if baggage.insert(&key, &text) {
        is_sound(&baggage);
        assert_eq!(baggage.get(&key), Some(&*text));
        assert!(baggage.remove(&key).is_some());
        assert_eq!(baggage.get(&key), None);
        is_sound(&baggage);
    } else {
        assert_eq!(baggage, before);
    }
});

fn is_sound(baggage: &Baggage) {
    let header = baggage.to_header();
    assert!(baggage.len() <= 180 && header.len() <= 8192);
    assert!(
        header.bytes().all(|byte| (0x21..0x7f).contains(&byte)),
        "{header:?} is no header value"
    );
    assert_eq!(&Baggage::parse(&header), baggage, "{header:?}");
}
