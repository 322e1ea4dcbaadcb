//! Numbers in text, to the double that is nearest.

/// A number as a cell writes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// Digits alone, within 64 bits.
    Int(i64),
    /// Anything else; may be NaN or infinite.
    Float(f64),
}

/// Up to this mantissa and power of ten both are doubles, so one division rounds once and is right (Clinger 1990).
const LARGEST_EXACT: u64 = 1 << 53;
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Digits that cannot overflow 64 bits.
const SAFE_DIGITS: usize = 18;

/// The number that the whole text says.
pub(super) fn parse_number(text: &[u8]) -> Option<Number> {
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let mut mantissa = 0_u64;
    let mut point = None;
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' if at <= SAFE_DIGITS => mantissa = mantissa * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return parse_slowly(text),
        }
    }
    let count = digits.len() - usize::from(point.is_some());
    if count == 0 || count > SAFE_DIGITS {
        return parse_slowly(text);
    }
    let Some(point) = point else {
        let value = mantissa as i64;
        return Some(Number::Int(if is_negative { -value } else { value }));
    };
    let power = POWERS.get(digits.len() - 1 - point)?;
    if mantissa > LARGEST_EXACT {
        return parse_slowly(text);
    }
    let value = mantissa as f64 / power;
    Some(Number::Float(if is_negative { -value } else { value }))
}

#[cold]
fn parse_slowly(text: &[u8]) -> Option<Number> {
    let text = std::str::from_utf8(text).ok()?;
    text.parse()
        .map(Number::Int)
        .or_else(|_| text.parse().map(Number::Float))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_way_to_write_a_number_is_known_and_nothing_else() {
        for (text, expected) in [
            ("0", Number::Int(0)),
            ("-12", Number::Int(-12)),
            ("+7", Number::Int(7)),
            ("9223372036854775807", Number::Int(i64::MAX)),
            ("9223372036854775808", Number::Float(2_f64.powi(63))),
            (".5", Number::Float(0.5)),
            ("5.", Number::Float(5.0)),
            ("1e3", Number::Float(1000.0)),
            ("-1.5E-7", Number::Float(-1.5e-7)),
            ("-inf", Number::Float(f64::NEG_INFINITY)),
        ] {
            assert_eq!(parse_number(text.as_bytes()), Some(expected), "{text}");
        }
        assert!(matches!(parse_number(b"nan"), Some(Number::Float(nan)) if nan.is_nan()));
        for text in [
            "", "-", ".", "+.", "1,5", "1.2.3", "0x10", "1_000", "12a", " 1", "--1",
        ] {
            assert_eq!(parse_number(text.as_bytes()), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_gives_what_the_standard_library_gives(text in "[+-]?[0-9]{1,20}(\\.[0-9]{0,25})?") {
            let expected: f64 = text.parse().unwrap();
            let value = match parse_number(text.as_bytes()) {
                Some(Number::Int(value)) => value as f64,
                Some(Number::Float(value)) => value,
                None => panic!("{text} is a number"),
            };
            prop_assert_eq!(value, expected);
        }
    }
}
