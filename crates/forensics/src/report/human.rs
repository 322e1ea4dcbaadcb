//! Figures and foreign text as people read them.

use std::fmt::Write;

use telensic_run::is_harmful;
use telensic_tape::UnixNanos;

/// A duration in the unit that fits it: `412 ns`, `1.50 ms`, `12.3 s`, `2m 03s`, `1h 02m`, `3d 04h`.
pub fn duration(nanos: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")];
    let seconds = nanos / 1_000_000_000;
    if seconds >= 86_400 {
        return format!("{}d {:02}h", seconds / 86_400, seconds % 86_400 / 3600);
    }
    if seconds >= 3600 {
        return format!("{}h {:02}m", seconds / 3600, seconds % 3600 / 60);
    }
    if seconds >= 60 {
        return format!("{}m {:02}s", seconds / 60, seconds % 60);
    }
    for (size, unit) in UNITS {
        if nanos >= size {
            let value = nanos as f64 / size as f64;
            let digits = match value {
                ..10.0 => 2,
                10.0..100.0 => 1,
                _ => 0,
            };
            return format!("{value:.digits$} {unit}");
        }
    }
    format!("{nanos} ns")
}

/// A size in the binary unit that fits it.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A moment as `2026-11-21 09:30:00.123 UTC`.
pub(super) fn moment(unix_nano: u64) -> String {
    let at = UnixNanos(unix_nano).civil();
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03} UTC",
        at.year,
        at.month,
        at.day,
        at.hour,
        at.minute,
        at.second,
        unix_nano / 1_000_000 % 1000
    )
}

/// How much of a foreign text is shown.
const MOST: usize = 120;

/// Text from a record so that it can do no harm in a table, a page or a terminal: on one line, not too long, without
/// control characters, with what Markdown or HTML would obey escaped.
pub fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MOST));
    for (at, c) in text.chars().enumerate() {
        if at == MOST {
            out.push_str("...");
            break;
        }
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '|' | '`' | '*' | '[' | ']' | '<' | '>' | '&' => out.extend(['\\', c]),
            c if is_harmful(c) => {
                // Writing to a String does not fail.
                let _ = write!(out, "(U+{:04X})", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_figures_and_a_unit() {
        let shown: Vec<String> = [
            0,
            999,
            1_500,
            12_340_000,
            999_400_000,
            59_900_000_000,
            123_000_000_000,
            3_720_000_000_000,
            100 * 3_600_000_000_000,
        ]
        .map(duration)
        .into();
        let expected = [
            "0 ns", "999 ns", "1.50 us", "12.3 ms", "999 ms", "59.9 s", "2m 03s", "1h 02m", "4d 04h",
        ];
        assert_eq!(shown, expected);
        assert_eq!(bytes(1023), "1023 B");
        assert_eq!(bytes(3 << 30), "3.0 GiB");
    }

    #[test]
    fn foreign_text_stays_in_its_cell_and_obeys_nobody() {
        assert_eq!(
            harmless("a|b`c\n<script>\u{1b}[31m"),
            "a\\|b\\`c \\<script\\>(U+001B)\\[31m"
        );
        assert_eq!(harmless("\u{202e}gpj"), "(U+202E)gpj");
        assert_eq!(harmless(&"x".repeat(200)).len(), 123);
    }
}
