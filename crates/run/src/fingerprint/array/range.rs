//! The least and the greatest of many values, NaN and "not a time" left out and counted.

use super::dtype::ArrayDtype;
use super::nan::FloatWidth;
use crate::fingerprint::scalar::Scalar;

/// The range of what has been added, little-endian elements of one type.
#[derive(Debug)]
pub(crate) struct RangeOf {
    dtype: ArrayDtype,
    ints: Option<(i64, i64)>,
    uints: Option<(u64, u64)>,
    floats: Option<(f64, f64)>,
    nans: u64,
}

/// Adds elements to a range of integers of this type.
macro_rules! add_ints {
    ($range:expr, $type:ty, $wide:ty, $bytes:expr) => {{
        let (elements, _) = $bytes.as_chunks();
        let (mut least, mut greatest) = (<$type>::MAX, <$type>::MIN);
        for element in elements {
            let value = <$type>::from_le_bytes(*element);
            least = least.min(value);
            greatest = greatest.max(value);
        }
        if !elements.is_empty() {
            widen($range, (<$wide>::from(least), <$wide>::from(greatest)));
        }
    }};
}

/// Adds elements to a range of floats of this type.
macro_rules! add_floats {
    ($self:expr, $type:ty, $bytes:expr) => {{
        let (elements, _) = $bytes.as_chunks();
        // Lanes of their own, so that the compiler can make vector code; a comparison with NaN is false.
        let mut least = [<$type>::INFINITY; 8];
        let mut greatest = [<$type>::NEG_INFINITY; 8];
        let mut nans = 0_u64;
        for eight in elements.chunks(8) {
            for (lane, element) in eight.iter().enumerate() {
                let value = <$type>::from_le_bytes(*element);
                nans += u64::from(value.is_nan());
                least[lane] = if value < least[lane] { value } else { least[lane] };
                greatest[lane] = if value > greatest[lane] {
                    value
                } else {
                    greatest[lane]
                };
            }
        }
        $self.nans += nans;
        if nans < elements.len() as u64 {
            let least = least.into_iter().fold(<$type>::INFINITY, <$type>::min);
            let greatest = greatest.into_iter().fold(<$type>::NEG_INFINITY, <$type>::max);
            widen(&mut $self.floats, (f64::from(least), f64::from(greatest)));
        }
    }};
}

fn widen<T: PartialOrd + Copy>(range: &mut Option<(T, T)>, (least, greatest): (T, T)) {
    let known = range.get_or_insert((least, greatest));
    if least < known.0 {
        known.0 = least;
    }
    if greatest > known.1 {
        known.1 = greatest;
    }
}

impl RangeOf {
    pub(crate) fn new(dtype: ArrayDtype) -> Self {
        Self {
            dtype,
            ints: None,
            uints: None,
            floats: None,
            nans: 0,
        }
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        match self.dtype {
            ArrayDtype::Int8 => add_ints!(&mut self.ints, i8, i64, bytes),
            ArrayDtype::Int16 => add_ints!(&mut self.ints, i16, i64, bytes),
            ArrayDtype::Int32 => add_ints!(&mut self.ints, i32, i64, bytes),
            ArrayDtype::Int64 => add_ints!(&mut self.ints, i64, i64, bytes),
            ArrayDtype::UInt8 => add_ints!(&mut self.uints, u8, u64, bytes),
            ArrayDtype::UInt16 => add_ints!(&mut self.uints, u16, u64, bytes),
            ArrayDtype::UInt32 => add_ints!(&mut self.uints, u32, u64, bytes),
            ArrayDtype::UInt64 => add_ints!(&mut self.uints, u64, u64, bytes),
            ArrayDtype::Float32 => add_floats!(self, f32, bytes),
            ArrayDtype::Float64 => add_floats!(self, f64, bytes),
            ArrayDtype::Float16 => self.add_halves(bytes),
            ArrayDtype::Complex64 => {
                self.nans += complex_nans::<4>(bytes, |part| f32::from_le_bytes(part).is_nan())
            }
            ArrayDtype::Complex128 => {
                self.nans += complex_nans::<8>(bytes, |part| f64::from_le_bytes(part).is_nan())
            }
            ArrayDtype::Datetime(_) | ArrayDtype::Timedelta(_) => self.add_times(bytes),
            ArrayDtype::Bool | ArrayDtype::Bytes(_) => {}
        }
    }

    fn add_halves(&mut self, bytes: &[u8]) {
        let (elements, _) = bytes.as_chunks();
        for element in elements {
            match half_to_double(u16::from_le_bytes(*element)) {
                value if value.is_nan() => self.nans += 1,
                value => widen(&mut self.floats, (value, value)),
            }
        }
    }

    fn add_times(&mut self, bytes: &[u8]) {
        let (elements, _) = bytes.as_chunks();
        for element in elements {
            match i64::from_le_bytes(*element) {
                i64::MIN => self.nans += 1,
                value => widen(&mut self.ints, (value, value)),
            }
        }
    }

    pub(crate) fn nan_count(&self) -> u64 {
        self.nans
    }

    pub(crate) fn range(&self) -> Option<(Scalar, Scalar)> {
        let ints = self.ints.map(|(a, b)| (Scalar::Int(a), Scalar::Int(b)));
        let uints = self.uints.map(|(a, b)| (Scalar::from(a), Scalar::from(b)));
        let floats = self.floats.map(|(a, b)| (Scalar::Float(a), Scalar::Float(b)));
        ints.or(uints).or(floats)
    }
}

/// Complex numbers have no order; one is NaN if a part is.
fn complex_nans<const PART: usize>(bytes: &[u8], is_nan: impl Fn([u8; PART]) -> bool) -> u64 {
    let (parts, _) = bytes.as_chunks::<PART>();
    let (numbers, _) = parts.as_chunks::<2>();
    let nans = numbers.iter().filter(|[re, im]| is_nan(*re) || is_nan(*im));
    nans.count() as u64
}

fn half_to_double(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    match exponent {
        0 => sign * fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => f64::NAN,
        _ => sign * (1.0 + fraction / 1024.0) * 2_f64.powi(exponent - 15),
    }
}

impl ArrayDtype {
    /// What kind of float it is made of, if any.
    pub(crate) fn float_width(self) -> Option<FloatWidth> {
        match self {
            Self::Float16 => Some(FloatWidth::Half),
            Self::Float32 | Self::Complex64 => Some(FloatWidth::Single),
            Self::Float64 | Self::Complex128 => Some(FloatWidth::Double),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_what_they_are_as_doubles() {
        for (bits, value) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 2_f64.powi(-24)),
            (0xfc00, f64::NEG_INFINITY),
        ] {
            assert_eq!(half_to_double(bits), value, "{bits:#x}");
        }
        assert!(half_to_double(0x7e01).is_nan());
    }
}
