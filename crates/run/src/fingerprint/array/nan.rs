//! One NaN for all.
//!
//! Two computations that both give "not a number" can differ in the bits of it: x86 sets the sign, ARM does not. Before
//! hashing, every NaN gets the bits that NumPy's `nan` has: positive, quiet, no payload.

/// The kinds of floats that can be NaN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FloatWidth {
    Half,
    Single,
    Double,
}

macro_rules! nans {
    ($bits:ty, $infinity:literal, $nan:literal, $has_others:ident, $unify:ident) => {
        fn $has_others(bytes: &[u8]) -> bool {
            let (elements, _) = bytes.as_chunks();
            // Counted rather than searched: without an early end the compiler makes vector code of it.
            let others: usize = elements
                .iter()
                .map(|element| {
                    let bits = <$bits>::from_le_bytes(*element);
                    usize::from((bits & (<$bits>::MAX >> 1)) > $infinity && bits != $nan)
                })
                .sum();
            others > 0
        }

        fn $unify(bytes: &mut [u8]) {
            let (elements, _) = bytes.as_chunks_mut();
            for element in elements {
                let bits = <$bits>::from_le_bytes(*element);
                if (bits & (<$bits>::MAX >> 1)) > $infinity {
                    *element = <$bits>::to_le_bytes($nan);
                }
            }
        }
    };
}

nans!(u16, 0x7c00, 0x7e00, half_has_others, unify_half);
nans!(u32, 0x7f80_0000, 0x7fc0_0000, single_has_others, unify_single);
nans!(
    u64,
    0x7ff0_0000_0000_0000,
    0x7ff8_0000_0000_0000,
    double_has_others,
    unify_double
);

impl FloatWidth {
    /// Whether these little-endian floats hold a NaN of other bits.
    pub(crate) fn has_other_nans(self, bytes: &[u8]) -> bool {
        match self {
            Self::Half => half_has_others(bytes),
            Self::Single => single_has_others(bytes),
            Self::Double => double_has_others(bytes),
        }
    }

    /// Gives every NaN the same bits.
    pub(crate) fn unify_nans(self, bytes: &mut [u8]) {
        match self {
            Self::Half => unify_half(bytes),
            Self::Single => unify_single(bytes),
            Self::Double => unify_double(bytes),
        }
    }
}
