//! Dates and times in text, by ISO 8601: `2026-01-02`, `2026-01-02 09:30`, `2026-01-02T09:30:00.123456789+01:00`.

/// An instant in nanoseconds since 1970, all digits of the second kept; one without a zone is taken as UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instant {
    pub(super) nanos: i128,
    pub(super) has_time: bool,
}

/// The instant that the whole text says.
pub(super) fn parse_instant(text: &[u8]) -> Option<Instant> {
    let (date, rest) = text.split_at_checked(10)?;
    if date[4] != b'-' || date[7] != b'-' {
        return None;
    }
    let (year, month, day) = (digits(&date[..4])?, digits(&date[5..7])?, digits(&date[8..])?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let midnight = i128::from(days_since_1970(year, month, day)) * 86_400_000_000_000;
    let (nanos, has_time) = match rest {
        [] => (0, false),
        [b'T' | b't' | b' ', time @ ..] => (time_of_day(time)?, true),
        _ => return None,
    };
    Some(Instant {
        nanos: midnight + i128::from(nanos),
        has_time,
    })
}

/// `HH:MM`, `HH:MM:SS`, a fraction of up to nine digits, a zone.
fn time_of_day(text: &[u8]) -> Option<i64> {
    let (hour, rest) = (digits(text.get(..2)?)?, text.get(2..)?);
    let (minute, mut rest) = minutes_after_colon(rest)?;
    let mut seconds = hour * 3_600 + minute * 60;
    let mut nanos = 0;
    if rest.first() == Some(&b':') {
        seconds += digits(rest.get(1..3)?)?;
        rest = &rest[3..];
        if let [b'.' | b',', fraction @ ..] = rest {
            let count = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if !(1..=9).contains(&count) {
                return None;
            }
            nanos = digits(&fraction[..count])? * 10_i64.pow(9 - count as u32);
            rest = &fraction[count..];
        }
    }
    if hour > 24 || minute > 59 {
        return None;
    }
    Some((seconds - zone(rest)?) * 1_000_000_000 + nanos)
}

fn minutes_after_colon(text: &[u8]) -> Option<(i64, &[u8])> {
    let [b':', rest @ ..] = text else { return None };
    Some((digits(rest.get(..2)?)?, &rest[2..]))
}

/// `Z`, `+01:00`, `+0100`, `+01`, or nothing; in seconds.
fn zone(text: &[u8]) -> Option<i64> {
    let (sign, offset) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', offset @ ..] => (1, offset),
        [b'-', offset @ ..] => (-1, offset),
        _ => return None,
    };
    let minutes = match offset {
        [_, _] => 0,
        [_, _, b':', minutes @ ..] | [_, _, minutes @ ..] if minutes.len() == 2 => digits(minutes)?,
        _ => return None,
    };
    Some(sign * (digits(&offset[..2])? * 3_600 + minutes * 60))
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |value, byte| {
        byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'))
    })
}

/// Howard Hinnant's `days_from_civil`, for years from 0.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_keep_their_nanoseconds_and_heed_their_zone() {
        for (text, nanos) in [
            ("1970-01-01", 0),
            ("1969-12-31T23:59:59Z", -1_000_000_000),
            ("2026-01-25 12:00", 1_769_342_400_000_000_000),
            ("2026-01-25T12:00:00.123456789Z", 1_769_342_400_123_456_789),
            ("2026-01-25T13:30:00.5+01:30", 1_769_342_400_500_000_000),
            ("2026-01-25T07:00:00-0500", 1_769_342_400_000_000_000),
        ] {
            assert_eq!(
                parse_instant(text.as_bytes()).map(|instant| instant.nanos),
                Some(nanos),
                "{text}"
            );
        }
        for text in [
            "2026-13-01",
            "2026-01-01T",
            "20260101",
            "2026-01-01T12",
            "2026-01-01T12:00:00.",
            "2026-01-01X",
            "2026-01-01T12:00+1",
        ] {
            assert_eq!(parse_instant(text.as_bytes()), None, "{text}");
        }
    }
}
