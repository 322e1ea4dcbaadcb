//! Quantities as people read them.

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 span`, `2 spans`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// A size in the largest binary unit of which it has at least one.
pub(crate) fn bytes(size: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if size < 1 << 10 {
        return format!("{size} B");
    }
    let mut shift = 10;
    let mut unit = 0;
    while unit + 1 < UNITS.len() && size >> (shift + 10) > 0 {
        shift += 10;
        unit += 1;
    }
    let amount = size as f64 / (1u64 << shift) as f64;
    let digits = usize::from(amount < 10.0 && amount.fract() > 0.0);
    format!("{amount:.digits$} {}", UNITS[unit])
}

/// A length of time with at most three decimals: `12.345 ms`.
pub(crate) fn duration(nanos: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")];
    UNITS.iter().find(|(unit, _)| nanos >= *unit).map_or_else(
        || format!("{nanos} ns"),
        |(unit, name)| {
            // Cut, not rounded: 999.9996 ms is not yet 1,000 ms.
            let thousandths = u128::from(nanos) * 1_000 / u128::from(*unit);
            format!("{}.{:03} {name}", thousandths / 1_000, thousandths % 1_000)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_read_well() {
        assert_eq!(
            [grouped(0), grouped(999), grouped(1_234_567)],
            ["0", "999", "1,234,567"]
        );
        assert_eq!([counted(1, "span"), counted(2, "span")], ["1 span", "2 spans"]);
        assert_eq!(
            [
                bytes(1_023),
                bytes(1_024),
                bytes(1_536),
                bytes(256 << 20),
                bytes(u64::MAX)
            ],
            ["1023 B", "1 KiB", "1.5 KiB", "256 MiB", "16384 PiB"]
        );
        assert_eq!(
            [
                duration(999),
                duration(1_000),
                duration(12_345_678),
                duration(999_999_999)
            ],
            ["999 ns", "1.000 us", "12.345 ms", "999.999 ms"]
        );
    }
}
