//! Instants as people and RFC 3339 write them: UTC, microseconds, `Z`.

use std::fmt;

use telensic_tape::UnixNanos;

/// Shows `2026-11-21T08:40:28.123456Z`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timestamp(pub(crate) UnixNanos);

impl fmt::Display for Timestamp {
    /// Days are counted from 0000-03-01, so that the leap day is the last of its year (Howard Hinnant's
    /// `civil_from_days`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (second, nanos) = (self.0.0 / 1_000_000_000, self.0.0 % 1_000_000_000);
        let days = second / 86_400 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let month = (month_from_march + 2) % 12 + 1;
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let (hour, minute, second) = (second / 3_600 % 24, second / 60 % 60, second % 60);
        let micros = nanos / 1_000;
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right_from_the_epoch_to_the_last_nanosecond() {
        let shown =
            |seconds: u64, nanos: u64| Timestamp(UnixNanos(seconds * 1_000_000_000 + nanos)).to_string();
        assert_eq!(shown(0, 0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(shown(951_782_400, 1_999), "2000-02-29T00:00:00.000001Z");
        assert_eq!(shown(1_735_689_599, 999_999_999), "2024-12-31T23:59:59.999999Z");
        assert_eq!(
            Timestamp(UnixNanos(u64::MAX)).to_string(),
            "2554-07-21T23:34:33.709551Z"
        );
    }
}
