//! Instants as text, in UTC.

use telensic_tape::{Civil, UnixNanos};

const NANOS: u64 = 1_000_000_000;

/// Writes `2026-01-25T12:00:00.123456Z`, and remembers the last second's text, as most lines share it.
pub(crate) struct TimeText {
    second: u64,
    text: [u8; LEN],
}

const LEN: usize = 27;

impl TimeText {
    pub(crate) fn new() -> Self {
        Self {
            second: 0,
            text: *b"1970-01-01T00:00:00.000000Z",
        }
    }

    /// The text of this instant.
    pub(crate) fn rfc3339(&mut self, time: UnixNanos) -> &[u8; LEN] {
        let second = time.0 / NANOS;
        if second != self.second {
            let civil = Civil::of_second(second);
            put_digits(&mut self.text[0..4], civil.year);
            put_digits(&mut self.text[5..7], civil.month);
            put_digits(&mut self.text[8..10], civil.day);
            put_digits(&mut self.text[11..13], civil.hour);
            put_digits(&mut self.text[14..16], civil.minute);
            put_digits(&mut self.text[17..19], civil.second);
            self.second = second;
        }
        put_digits(&mut self.text[20..26], time.0 % NANOS / 1_000);
        &self.text
    }

    /// The time of day to the millisecond, `12:00:00.123`.
    pub(super) fn time_of_day(&mut self, time: UnixNanos) -> &[u8] {
        &self.rfc3339(time)[11..23]
    }
}

/// Fills the slice with the last decimal digits of a number.
fn put_digits(digits: &mut [u8], mut number: u64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(nanos: u64) -> String {
        String::from_utf8(TimeText::new().rfc3339(UnixNanos(nanos)).to_vec()).unwrap()
    }

    #[test]
    fn known_instants_have_their_known_text() {
        // From `date -u -d @SECONDS +%FT%T`.
        for (nanos, expected) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000000Z"),
            (951_868_799_999_999_999, "2000-02-29T23:59:59.999999Z"),
            (1_709_164_800_000_001_000, "2024-02-29T00:00:00.000001Z"),
            (1_769_342_400_123_456_789, "2026-01-25T12:00:00.123456Z"),
            (4_107_542_399_000_000_000, "2100-02-28T23:59:59.000000Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000Z"),
            (u64::MAX, "2554-07-21T23:34:33.709551Z"),
        ] {
            assert_eq!(text(nanos), expected);
        }
    }

    #[test]
    fn the_kept_second_is_not_used_for_another() {
        let mut time = TimeText::new();
        assert_eq!(time.time_of_day(UnixNanos(61_000_000_000)), b"00:01:01.000");
        assert_eq!(time.time_of_day(UnixNanos(3_600_002_000_000)), b"01:00:00.002");
        assert_eq!(time.time_of_day(UnixNanos(61_999_999_999)), b"00:01:01.999");
    }
}
