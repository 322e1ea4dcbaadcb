//! What the cells of a column are: the narrowest type that fits them all, and the range of their values.
//!
//! Invariant: a type is only ever widened: nothing, then truth values, integers, floats, dates or timestamps, then
//! text. Texts keep no range.

use super::instant::parse_instant;
use super::number::{Number, parse_number};
use crate::fingerprint::column::ColumnTraits;
use crate::fingerprint::scalar::Scalar;

/// What has been seen of a column.
#[derive(Debug, Default)]
pub(super) struct ColumnValues {
    nulls: u64,
    nans: u64,
    has_text: bool,
    has_bool: bool,
    ints: Option<(i64, i64)>,
    /// Floats that are no NaN; or, with `nans`, only such.
    floats: Option<(f64, f64)>,
    instants: Option<(Bound, Bound)>,
    has_time: bool,
}

/// An instant and how the cell writes it.
#[derive(Clone, Debug)]
struct Bound {
    nanos: i128,
    text: Vec<u8>,
}

impl ColumnValues {
    /// A cell that its line lacks.
    pub(super) fn add_missing(&mut self) {
        self.nulls += 1;
    }

    #[inline]
    pub(super) fn add(&mut self, cell: &[u8]) {
        match cell.first() {
            None => self.nulls += 1,
            _ if self.has_text => {
                if is_null(cell) {
                    self.nulls += 1;
                }
            }
            Some(b'0'..=b'9' | b'-' | b'+' | b'.') => self.add_number_or_instant(cell),
            Some(_) => self.add_word(cell),
        }
    }

    #[inline]
    fn add_number_or_instant(&mut self, cell: &[u8]) {
        // Most instants are longer than most numbers, and their fifth byte tells them.
        if cell.len() >= 10 && cell[4] == b'-' && self.add_instant(cell) {
            return;
        }
        match parse_number(cell) {
            Some(number) => self.add_number(number),
            None => self.has_text = true,
        }
    }

    #[inline]
    fn add_number(&mut self, number: Number) {
        match number {
            Number::Int(value) => {
                let (least, greatest) = self.ints.get_or_insert((value, value));
                *least = value.min(*least);
                *greatest = value.max(*greatest);
            }
            Number::Float(value) if value.is_nan() => self.nans += 1,
            Number::Float(value) => {
                let (least, greatest) = self.floats.get_or_insert((value, value));
                *least = value.min(*least);
                *greatest = value.max(*greatest);
            }
        }
    }

    fn add_instant(&mut self, cell: &[u8]) -> bool {
        let Some(instant) = parse_instant(cell) else {
            return false;
        };
        self.has_time |= instant.has_time;
        let bound = || Bound {
            nanos: instant.nanos,
            text: cell.to_vec(),
        };
        match &mut self.instants {
            None => self.instants = Some((bound(), bound())),
            Some((least, _)) if instant.nanos < least.nanos => *least = bound(),
            Some((_, greatest)) if instant.nanos > greatest.nanos => {
                greatest.nanos = instant.nanos;
                greatest.text.clear();
                greatest.text.extend_from_slice(cell);
            }
            Some(_) => {}
        }
        true
    }

    fn add_word(&mut self, cell: &[u8]) {
        match cell {
            b"true" | b"false" | b"True" | b"False" | b"TRUE" | b"FALSE" => self.has_bool = true,
            _ if is_null(cell) => self.nulls += 1,
            _ => match parse_number(cell) {
                Some(number) => self.add_number(number),
                None => self.has_text = true,
            },
        }
    }

    /// The narrowest type that fits all cells.
    pub(super) fn dtype(&self) -> &'static str {
        let has_floats = self.floats.is_some() || self.nans > 0;
        match (
            self.has_text,
            self.has_bool,
            has_floats,
            self.ints.is_some(),
            self.instants.is_some(),
        ) {
            (false, false, false, false, false) => "null",
            (false, true, false, false, false) => "bool",
            (false, false, false, true, false) => "int64",
            (false, false, true, _, false) => "float64",
            (false, false, false, false, true) if self.has_time => "timestamp",
            (false, false, false, false, true) => "date",
            _ => "string",
        }
    }

    pub(super) fn into_traits(self) -> ColumnTraits {
        let dtype = self.dtype();
        let instant = |bound: Bound| Scalar::Instant(String::from_utf8_lossy(&bound.text).into_owned());
        let range = match dtype {
            "int64" => self
                .ints
                .map(|(least, greatest)| (Scalar::Int(least), Scalar::Int(greatest))),
            "float64" => {
                let ints = self.ints.map(|(least, greatest)| (least as f64, greatest as f64));
                let both = [ints, self.floats].into_iter().flatten();
                both.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
                    .map(|(least, greatest)| (Scalar::Float(least), Scalar::Float(greatest)))
            }
            "timestamp" | "date" => self
                .instants
                .map(|(least, greatest)| (instant(least), instant(greatest))),
            _ => None,
        };
        let is_float = dtype == "float64";
        ColumnTraits {
            dtype: dtype.to_owned(),
            null_count: self.nulls,
            nan_count: if is_float { self.nans } else { 0 },
            range,
        }
    }
}

/// What the writers of CSV put where there is no value. It is hashed as the text it is.
fn is_null(cell: &[u8]) -> bool {
    matches!(
        cell,
        b"NA" | b"N/A" | b"<NA>" | b"null" | b"NULL" | b"None" | b"NaT"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_the_narrowest_type_that_fits() {
        for (cells, dtype) in [
            (&["", "NA"][..], "null"),
            (&["1", "", "-3"], "int64"),
            (&["1", "2.5", "nan"], "float64"),
            (&["true", "False"], "bool"),
            (&["2026-01-02", "2026-01-03"], "date"),
            (&["2026-01-02", "2026-01-02T10:00:00.5Z"], "timestamp"),
            (&["1", "true"], "string"),
            (&["2026-01-02", "7"], "string"),
            (&["12abc"], "string"),
        ] {
            let mut values = ColumnValues::default();
            cells.iter().for_each(|cell| values.add(cell.as_bytes()));
            assert_eq!(values.dtype(), dtype, "{cells:?}");
        }
    }

    #[test]
    fn a_range_has_no_nan_and_keeps_what_is_smaller_than_a_second() {
        let mut values = ColumnValues::default();
        ["nan", "2", "-1.5"]
            .iter()
            .for_each(|cell| values.add(cell.as_bytes()));
        let traits = values.into_traits();
        assert_eq!(traits.nan_count, 1);
        assert_eq!(traits.range, Some((Scalar::Float(-1.5), Scalar::Float(2.0))));

        let mut values = ColumnValues::default();
        ["2026-01-02T10:00:00.000000002Z", "2026-01-02T10:00:00.000000001Z"]
            .iter()
            .for_each(|cell| values.add(cell.as_bytes()));
        assert_eq!(
            values.into_traits().range,
            Some((
                Scalar::Instant("2026-01-02T10:00:00.000000001Z".to_owned()),
                Scalar::Instant("2026-01-02T10:00:00.000000002Z".to_owned())
            ))
        );
    }
}
