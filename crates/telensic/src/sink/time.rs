//! Instants as text, in UTC, without a calendar library: a few integer operations.
//!
//! Days are counted from 0000-03-01, so that the leap day is the last of its year (Howard Hinnant's
//! `civil_from_days`). Right for every `UnixNanos`, which ends in the year 2554.

use telensic_tape::UnixNanos;

const NANOS: u64 = 1_000_000_000;
const DAY: u64 = 86_400;

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: u64 = 719_468;

/// Days in 400 years.
const ERA: u64 = 146_097;

/// A date and time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: u64,
    pub(super) month: u64,
    pub(super) day: u64,
    pub(super) hour: u64,
    pub(super) minute: u64,
    pub(super) second: u64,
}

impl Civil {
    /// The date and time of a number of seconds since 1970.
    pub(super) fn of_second(second: u64) -> Self {
        let days = second / DAY + EPOCH;
        let (era, day_of_era) = (days / ERA, days % ERA);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let month = (month_from_march + 2) % 12 + 1;
        let in_day = second % DAY;
        Self {
            year: era * 400 + year_of_era + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * month_from_march + 2) / 5 + 1,
            hour: in_day / 3_600,
            minute: in_day / 60 % 60,
            second: in_day % 60,
        }
    }

    /// The seconds since 1970, or `None` if there is no such date or it lies before.
    pub(super) fn to_second(self) -> Option<u64> {
        if self.year < 1970 || !(1..=12).contains(&self.month) || !(1..=31).contains(&self.day) {
            return None;
        }
        let year = self.year - u64::from(self.month <= 2);
        let day_of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - EPOCH;
        let second = days * DAY + self.hour * 3_600 + self.minute * 60 + self.second;
        // Rejects the 31st of April and the 25th hour: they come back as another date.
        (Self::of_second(second) == self).then_some(second)
    }
}

/// Writes `2026-01-25T12:00:00.123456Z`, and remembers the last second's text, as most lines share it.
pub(super) struct TimeText {
    second: u64,
    text: [u8; LEN],
}

const LEN: usize = 27;

impl TimeText {
    pub(super) fn new() -> Self {
        Self {
            second: 0,
            text: *b"1970-01-01T00:00:00.000000Z",
        }
    }

    /// The text of this instant.
    pub(super) fn rfc3339(&mut self, time: UnixNanos) -> &[u8; LEN] {
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
    use proptest::prelude::*;

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

    #[test]
    fn a_day_that_does_not_exist_is_no_instant() {
        let good = Civil {
            year: 2024,
            month: 2,
            day: 29,
            hour: 23,
            minute: 59,
            second: 59,
        };
        assert_eq!(good.to_second(), Some(1_709_251_199));
        for bad in [
            Civil { year: 2023, ..good },
            Civil { month: 13, ..good },
            Civil { month: 0, ..good },
            Civil { day: 0, ..good },
            Civil { hour: 24, ..good },
            Civil { minute: 60, ..good },
            Civil { second: 60, ..good },
            Civil { year: 1969, ..good },
        ] {
            assert_eq!(bad.to_second(), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn a_date_leads_back_to_its_second(second in 0..u64::MAX / NANOS) {
            prop_assert_eq!(Civil::of_second(second).to_second(), Some(second));
        }
    }
}
