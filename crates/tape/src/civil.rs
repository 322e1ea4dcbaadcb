//! Instants as text, in UTC, without a calendar library: a few integer operations.
//!
//! Days are counted from 0000-03-01, so that the leap day is the last of its year (Howard Hinnant's
//! `civil_from_days`). Right for every `UnixNanos`, which ends in the year 2554.

use std::fmt;

use crate::UnixNanos;

const NANOS: u64 = 1_000_000_000;
const DAY: u64 = 86_400;

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: u64 = 719_468;

/// Days in 400 years.
const ERA: u64 = 146_097;

/// A date and time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year.
    pub year: u64,
    /// The month.
    pub month: u64,
    /// The day.
    pub day: u64,
    /// The hour.
    pub hour: u64,
    /// The minute.
    pub minute: u64,
    /// The second.
    pub second: u64,
}

impl Civil {
    /// The date and time of a number of seconds since 1970.
    pub fn of_second(second: u64) -> Self {
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
    pub fn to_second(self) -> Option<u64> {
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

impl UnixNanos {
    /// The date and time of day, to the second.
    pub fn civil(self) -> Civil {
        Civil::of_second(self.0 / NANOS)
    }
}

impl fmt::Display for UnixNanos {
    /// RFC 3339: UTC, microseconds, `Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = self.civil();
        let micros = self.0 % NANOS / 1_000;
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
        let shown = |seconds: u64, nanos: u64| UnixNanos(seconds * NANOS + nanos).to_string();
        assert_eq!(shown(0, 0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(shown(951_782_400, 1_999), "2000-02-29T00:00:00.000001Z");
        assert_eq!(shown(1_735_689_599, 999_999_999), "2024-12-31T23:59:59.999999Z");
        assert_eq!(UnixNanos(u64::MAX).to_string(), "2554-07-21T23:34:33.709551Z");
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

    #[cfg(not(loom))]
    proptest::proptest! {
        #[test]
        fn a_date_leads_back_to_its_second(second in 0..u64::MAX / NANOS) {
            proptest::prop_assert_eq!(Civil::of_second(second).to_second(), Some(second));
        }
    }
}
