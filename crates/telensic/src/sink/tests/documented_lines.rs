//! The example lines of the logging contract are what the code writes.

use super::golden_lines::line;
use super::*;
use crate::sink::LogLayout;

const CONTRACT: &str = include_str!("../../../../../docs/LOGGING.md");

/// The example behind this heading, on one line as in a file.
fn documented(heading: &str) -> String {
    let (_, section) = CONTRACT.split_once(heading).unwrap();
    let (_, example) = section.split_once("```json\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    example.lines().map(str::trim_start).chain(["\n"]).collect()
}

#[test]
fn every_layout_is_as_the_contract_shows_it() {
    let record = Log::at(0)
        .body("order sent again")
        .in_span()
        .with("thread.id", 7)
        .with("symbol", "BTCUSDT")
        .with("qty", 0.5)
        .with("slippage", f64::NAN)
        .with("exception.type", "OrderError")
        .with("exception.message", "no margin")
        .with("provenance.input_hash", "sha256:ab");
    for (heading, layout) in [
        ("### Layout `telensic`", LogLayout::Telensic),
        ("### Layout `standard`", LogLayout::Standard),
        ("### Layout `otel`", LogLayout::Otel),
    ] {
        let written = line(layout, "quant_core::orders", origin(), &record);
        assert_eq!(written, documented(heading), "{layout:?}");
    }
}

#[test]
fn every_field_of_the_default_layout_is_explained() {
    let (_, section) = CONTRACT.split_once("### Layout `telensic`").unwrap();
    let (section, _) = section.split_once("### Layout `standard`").unwrap();
    let table: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
    let line = line(LogLayout::Telensic, "", origin(), &Log::at(0));
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&line).unwrap();
    for field in fields.keys() {
        let name = format!("`{field}`");
        let is_explained = table
            .iter()
            .any(|row| row.split(" | ").next().unwrap().contains(&name));
        assert!(is_explained, "{field} is not in the table");
    }
}
