//! The newtypes of identity and time that every record carries.
//!
//! An id is valid only when it is not all zeros, as W3C Trace Context and OTLP demand; `from_*` functions
//! enforce that, so holding a [`TraceId`] or a [`SpanId`] means holding a valid one.

use std::fmt;

/// The 16 bytes that name a trace; never all zeros.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceId([u8; 16]);

/// The 8 bytes that name a span within its trace; never all zeros.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpanId([u8; 8]);

/// Nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixNanos(pub u64);

macro_rules! id {
    ($name:ident, $len:literal) => {
        impl $name {
            /// The id of these bytes, or `None` if all are zero.
            #[inline]
            pub const fn from_bytes(bytes: [u8; $len]) -> Option<Self> {
                let mut i = 0;
                while i < $len {
                    if bytes[i] != 0 {
                        return Some(Self(bytes));
                    }
                    i += 1;
                }
                None
            }

            /// The id of a slice of just the right length that is not all zeros.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Self::from_bytes(bytes.try_into().ok()?)
            }

            /// The id written as lower- or upper-case hex of exactly the right length.
            pub fn from_hex(hex: &str) -> Option<Self> {
                let hex = hex.as_bytes();
                if hex.len() != $len * 2 {
                    return None;
                }
                let mut bytes = [0u8; $len];
                for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
                    *byte = (nibble(pair[0])? << 4) | nibble(pair[1])?;
                }
                Self::from_bytes(bytes)
            }

            /// The bytes, most significant first, as they go on the wire.
            #[inline]
            pub const fn to_bytes(self) -> [u8; $len] {
                self.0
            }

            /// The lower-case hex digits, without allocation.
            pub fn to_hex(self) -> [u8; $len * 2] {
                let mut hex = [0u8; $len * 2];
                for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
                    pair[0] = HEX[usize::from(byte >> 4)];
                    pair[1] = HEX[usize::from(byte & 15)];
                }
                hex
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                for byte in self.0 {
                    write!(f, "{byte:02x}")?;
                }
                Ok(())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

id!(TraceId, 16);
id!(SpanId, 8);

const HEX: &[u8; 16] = b"0123456789abcdef";

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_round_trips_and_zero_is_no_id() {
        let id = TraceId::from_hex("4BF92f3577b34da6a3ce929d0e0e4736").unwrap();
        assert_eq!(id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(id.to_hex(), *b"4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(TraceId::from_hex("00000000000000000000000000000000"), None);
        assert_eq!(SpanId::from_hex("00f067aa0ba902b"), None);
        assert_eq!(SpanId::from_hex("00f067aa0ba902bg"), None);
        assert_eq!(SpanId::from_slice(&[0; 8]), None);
    }
}
