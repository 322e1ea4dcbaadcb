//! A label that has too many values: totals stay right, memory is bounded, one line says so.

use telensic::metrics::{self, Format, OVERFLOW};

use crate::scrape::{total, value};
use crate::support::{Dir, child, is_child, our_lines, succeed};

const VALUES: usize = 1_000_000;

#[test]
#[ignore = "the child of the test below"]
fn counts_a_million_values() {
    if !is_child() {
        return;
    }
    let wild = metrics::counter("wild_total")
        .help("by request id")
        .labels(&["venue", "request"])
        .register();
    // What is known of each is made before, so that only the metric can grow.
    let before = resident();
    for request in 0..VALUES {
        wild.with(&["kraken", &format!("request-{request}")]).inc();
    }
    let grown = resident() - before;
    assert!(grown < 8 << 20, "grown by {grown} bytes");
    assert_eq!(wild.series_count(), 2_000);
    let text = metrics::render(Format::Prometheus);
    assert_eq!(total(&text, "wild_total"), VALUES as f64);
    let overflow = format!("wild_total{{venue=\"{OVERFLOW}\",request=\"{OVERFLOW}\"}}");
    assert_eq!(value(&text, &overflow), Some((VALUES - 2_000) as f64));

    let small = metrics::gauge("small")
        .labels(&["symbol"])
        .series_limit(2)
        .register();
    ["a", "b", "a"]
        .iter()
        .for_each(|symbol| small.with(&[symbol]).add(1.0));
    assert_eq!(small.series_count(), 2);
    small.with(&["c"]).add(5.0);
    small.with(&["d"]).add(6.0);
    assert_eq!(small.with(&["e"]).value(), 11.0);
    assert_eq!(small.with(&["a"]).value(), 2.0);
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim()
        .strip_suffix(" kB")
        .unwrap()
        .trim()
        .parse::<u64>()
        .unwrap()
        * 1024
}

#[test]
fn a_million_values_take_the_memory_of_two_thousand() {
    let dir = Dir::new();
    let said = succeed(&mut child(
        &dir,
        "labels_without_end_take_no_memory::counts_a_million_values",
    ));
    let lines = our_lines(&said);
    assert_eq!(lines.len(), 2, "{said}");
    assert!(
        lines[0].contains("wild_total has more than 2000 series"),
        "{said}"
    );
    assert!(lines[1].contains("small has more than 2 series"), "{said}");
}
