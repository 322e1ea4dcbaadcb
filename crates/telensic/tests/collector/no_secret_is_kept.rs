//! No secret or raw market data is in an event, and so in no handler, aggregate or file.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use telensic::Value;
use telensic::collector::{CollectorConfig, EventFilter, TelemetryCollector, TelemetryEvent};

use crate::support::Dir;

const SECRET: &str = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";

#[test]
fn whichever_part_of_an_event_it_is_put_into() {
    let dir = Dir::new();
    let file = dir.path().join("events.jsonl");
    let collector = TelemetryCollector::new(CollectorConfig::new().persistence_file(&file));
    let seen: Arc<Mutex<String>> = Arc::default();
    let into = Arc::clone(&seen);
    let _subscription = collector.subscribe(EventFilter::new(), move |events| {
        into.lock().unwrap().push_str(&format!("{events:?}"));
    });
    let prices: Vec<f64> = (0..10_000_u32)
        .map(|index| f64::from(index) + 0.123_457)
        .collect();
    let inner = [
        ("password", Value::Str("hunter2hunter2")),
        ("rows", Value::I64(3)),
    ];
    let event = TelemetryEvent::error(&format!("GET ?token={SECRET}"), &std::io::Error::other(SECRET))
        .provider(SECRET)
        .source(&format!("Bearer {SECRET}"))
        .with("api_key", SECRET)
        .with("note", format!("apikey={SECRET}").as_str())
        .with(SECRET, 1)
        .with("prices", prices.as_slice())
        .with("login", Value::Map(&inner));
    collector.add(event);
    assert!(collector.flush(Duration::from_secs(20)));
    let text = std::fs::read_to_string(&file).unwrap();
    let aggregates = format!("{:?}", collector.get_aggregated_data());
    let seen = seen.lock().unwrap().clone();
    for kept in [&text, &aggregates, &seen] {
        for secret in [SECRET, "hunter2hunter2", "9999.123457"] {
            assert!(!kept.contains(secret), "{secret} is in {kept:.2000}");
        }
    }
    assert!(text.contains("\"login.rows\":3"), "{text}");
}
