//! Instants of the data's own time: when a price was true, and when it was known.
//!
//! They are written as Unix nanoseconds. Read is also RFC 3339 text, since that is what data often has; a time
//! without an offset is UTC, a date alone is its midnight.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use telensic_tape::UnixNanos;

use super::integer;

/// Nanoseconds since 1970-01-01T00:00:00Z, from the year 1677 to 2262.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

const PATTERN: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\
    ([Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?)?$";

const NANOS: i128 = 1_000_000_000;

/// The text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no time from 1677 to 2262 of the form 2026-01-25T12:00:00.123Z")]
pub struct NotAMoment;

impl FromStr for Moment {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        parse(text).ok_or(NotAMoment)
    }
}

fn parse(text: &str) -> Option<Moment> {
    let (date, rest) = text.split_at_checked(10)?;
    let second = days(date)? * 86_400;
    let (second, nanos) = if rest.is_empty() {
        (second, 0)
    } else {
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let (time, rest) = rest.split_at_checked(8)?;
        let digits = rest.strip_prefix('.').map_or(0, |fraction| {
            1 + fraction.bytes().take_while(u8::is_ascii_digit).count()
        });
        let (fraction, zone) = rest.split_at_checked(digits)?;
        (second + time_of_day(time)? - offset(zone)?, nanos(fraction)?)
    };
    let nanos = i128::from(second) * NANOS + i128::from(nanos);
    i64::try_from(nanos).ok().map(Moment)
}

/// Days from 1970 to `YYYY-MM-DD`, by Howard Hinnant's `days_from_civil`.
fn days(date: &str) -> Option<i64> {
    const LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = LENGTHS.get(usize::try_from(month - 1).ok()?)? + i64::from(is_leap && month == 2);
    if !(1..=length).contains(&day) {
        return None;
    }
    let year = year - i64::from(month <= 2);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468,
    )
}

fn time_of_day(time: &str) -> Option<i64> {
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3_600 + minute * 60 + second)
}

fn offset(zone: &str) -> Option<i64> {
    let (sign, time) = match zone.as_bytes() {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', ..] => (1, &zone[1..]),
        [b'-', ..] => (-1, &zone[1..]),
        _ => return None,
    };
    let [hour, minute] = numbers(time, ':', [2, 2])?;
    (hour < 24 && minute < 60).then_some(sign * (hour * 3_600 + minute * 60))
}

/// The nanoseconds of `.123`; what is finer is cut.
fn nanos(fraction: &str) -> Option<i64> {
    let Some(digits) = fraction.strip_prefix('.') else {
        return Some(0);
    };
    if digits.is_empty() {
        return None;
    }
    let padded = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(padded.fold(0, |nanos, digit| nanos * 10 + i64::from(digit - b'0')))
}

/// Numbers of exactly so many digits with this separator between them.
fn numbers<const N: usize>(text: &str, separator: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut found = [0; N];
    for (number, length) in found.iter_mut().zip(lengths) {
        let part = parts.next()?;
        if part.len() != length || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

impl From<i64> for Moment {
    fn from(nanos: i64) -> Self {
        Self(nanos)
    }
}

impl TryFrom<UnixNanos> for Moment {
    type Error = NotAMoment;

    fn try_from(nanos: UnixNanos) -> Result<Self, NotAMoment> {
        i64::try_from(nanos.0).map(Self).map_err(|_| NotAMoment)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl Visitor<'_> for Reading {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("Unix nanoseconds or RFC 3339 text")
            }

            fn visit_i64<E>(self, nanos: i64) -> Result<Moment, E> {
                Ok(Moment(nanos))
            }

            fn visit_u64<E: de::Error>(self, nanos: u64) -> Result<Moment, E> {
                let known = i64::try_from(nanos).map(Moment);
                known.map_err(|_| E::invalid_value(Unexpected::Unsigned(nanos), &self))
            }

            fn visit_f64<E: de::Error>(self, nanos: f64) -> Result<Moment, E> {
                let known = integer::of_float(nanos).map(Moment);
                known.ok_or_else(|| E::invalid_value(Unexpected::Float(nanos), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Moment, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Reading)
    }
}

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["integer", "string"],
            "minimum": i64::MIN,
            "maximum": i64::MAX,
            "pattern": PATTERN,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_to_the_nanosecond_in_any_offset_and_before_1970() {
        let nanos = |text: &str| text.parse::<Moment>().map(|moment| moment.0);
        assert_eq!(nanos("1970-01-01"), Ok(0));
        assert_eq!(nanos("1969-12-31T23:59:59.999999999Z"), Ok(-1));
        assert_eq!(
            nanos("2000-02-29T00:00:00.0000019999Z"),
            Ok(951_782_400_000_001_999)
        );
        assert_eq!(nanos("2026-01-25t14:00:00+02:00"), Ok(1_769_342_400_000_000_000));
        assert_eq!(nanos("2026-01-25 12:00:00"), nanos("2026-01-25T06:30:00-05:30"));
        assert_eq!(nanos("1677-09-21T00:12:43.145224192Z"), Ok(i64::MIN));
        assert_eq!(nanos("2262-04-11T23:47:16.854775807Z"), Ok(i64::MAX));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2026",
            "2026-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2026-01-25T",
            "2026-01-25T24:00:00Z",
            "2026-01-25T12:00:60Z",
            "2026-01-25T12:00:00.Z",
            "2026-01-25T12:00:00+2:00",
            "2026-01-25T12:00:00ZZ",
            "+026-01-25",
            "9999-01-01",
            "2026-01-2\u{e9}",
        ] {
            assert_eq!(text.parse::<Moment>(), Err(NotAMoment), "{text}");
        }
    }
}
