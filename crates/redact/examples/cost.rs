//! Prints what looking at a value costs, in nanoseconds of CPU time: `cargo run --release --example cost`.

#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

use std::hint::black_box;
use std::time::Duration;

use telensic_redact::{KeyClass, Redactor};

fn main() {
    let redactor = Redactor::default();
    let message: String =
        "Fetched 500 rows from binance after 3 retries, wrote them to the warehouse and moved on. ".repeat(3);
    let pairs: String =
        "rows=100 cols=5 symbol=BTCUSDT side=buy price=101.5 qty=0.25 status=ok venue=binance retries=0 "
            .repeat(3);
    let values = [
        ("short value (6)", KeyClass::Plain, "AAPL.O".to_owned()),
        (
            "ordinary value (20)",
            KeyClass::Plain,
            "binance-spot-btcusdt".to_owned(),
        ),
        (
            "ordinary value with digits (20)",
            KeyClass::Plain,
            "order_book_snapshot7".to_owned(),
        ),
        (
            "ordinary value, telling key (20)",
            KeyClass::Telling,
            "binance-spot-btcusdt".to_owned(),
        ),
        (
            "UUID (36)",
            KeyClass::Plain,
            "550e8400-e29b-41d4-a716-446655440000".to_owned(),
        ),
        (
            "ISO date (20)",
            KeyClass::Plain,
            "2024-01-02T03:04:05Z".to_owned(),
        ),
        (
            "path (52)",
            KeyClass::Plain,
            "/data/raw/2024/01/02/binance_trades_btcusdt_0001.pqt".to_owned(),
        ),
        (
            "URL (60)",
            KeyClass::Plain,
            "https://api.binance.com/api/v3/klines?symbol=BTCUSDT&limit=1".to_owned(),
        ),
        ("pairs (16)", KeyClass::Plain, "rows=100 cols=5 ".to_owned()),
        ("message (200)", KeyClass::Plain, message[..200].to_owned()),
        ("message of pairs (200)", KeyClass::Plain, pairs[..200].to_owned()),
        (
            "with a password (34)",
            KeyClass::Plain,
            "a=1 password=hunter2hunter2 b=2 c3".to_owned(),
        ),
        ("with a provider's key (40)", KeyClass::Plain, example_key()),
        (
            "secret key (20)",
            KeyClass::Secret,
            "binance-spot-btcusdt".to_owned(),
        ),
    ];
    for (name, class, value) in &values {
        println!(
            "{name:34} {:8.1} ns",
            cost(|| redactor.text(black_box(*class), black_box(value)).len())
        );
    }
    let keys = ["symbol", "http.request.header.x-api-key", "token_count"];
    for key in keys {
        println!(
            "class of {key:25} {:8.1} ns",
            cost(|| KeyClass::of(black_box(key)) as usize)
        );
    }
    let prices: Vec<f64> = (0..1000).map(f64::from).collect();
    println!(
        "{:34} {:8.1} ns",
        "fingerprint of 1000 f64",
        cost(|| telensic_redact::fingerprint(black_box(&prices)).len())
    );
}

/// Put together here, so that the source holds nothing that looks like a key.
fn example_key() -> String {
    format!(
        "{}{}",
        concat!("gh", "p_"),
        "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"
    )
}

/// The least of three measurements, each of a tenth of a second or more.
fn cost(mut run: impl FnMut() -> usize) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let before = cpu_time();
        let mut rounds = 0u32;
        while cpu_time() - before < Duration::from_millis(100) {
            for _ in 0..50_000 {
                black_box(run());
            }
            rounds += 50_000;
        }
        best = best.min((cpu_time() - before).as_nanos() as f64 / f64::from(rounds));
    }
    best
}

/// The CPU time of this process: other programs on the machine do not count.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos = stat
        .split(' ')
        .next()
        .and_then(|nanos| nanos.parse().ok())
        .unwrap_or_default();
    Duration::from_nanos(nanos)
}
