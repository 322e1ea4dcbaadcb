//! The wire types that fields must have.

use telensic_tape::otlp::FieldValue;

use super::refusal::Refusal;

#[inline]
pub(super) fn bytes(value: FieldValue<'_>) -> Result<&[u8], Refusal> {
    match value {
        FieldValue::Len(bytes) => Ok(bytes),
        _ => Err(Refusal::Malformed),
    }
}

#[inline]
pub(super) fn text(value: FieldValue<'_>) -> Result<&str, Refusal> {
    std::str::from_utf8(bytes(value)?).map_err(|_| Refusal::NotUtf8)
}

#[inline]
pub(super) fn varint(value: FieldValue<'_>) -> Result<u64, Refusal> {
    match value {
        FieldValue::Varint(number) => Ok(number),
        _ => Err(Refusal::Malformed),
    }
}

#[inline]
pub(super) fn fixed64(value: FieldValue<'_>) -> Result<u64, Refusal> {
    match value {
        FieldValue::Fixed64(number) => Ok(number),
        _ => Err(Refusal::Malformed),
    }
}

#[inline]
pub(super) fn fixed32(value: FieldValue<'_>) -> Result<u32, Refusal> {
    match value {
        FieldValue::Fixed32(number) => Ok(number),
        _ => Err(Refusal::Malformed),
    }
}

/// An id that may be missing.
#[inline]
pub(super) fn optional_id<const N: usize>(value: FieldValue<'_>) -> Result<Option<&[u8; N]>, Refusal> {
    let id = bytes(value)?;
    if id.is_empty() {
        return Ok(None);
    }
    id.try_into().map(Some).map_err(|_| Refusal::IdLength)
}

/// An id without which the record means nothing.
#[inline]
pub(super) fn required_id<const N: usize>(
    id: Option<&[u8; N]>,
    missing: Refusal,
) -> Result<&[u8; N], Refusal> {
    id.filter(|id| **id != [0; N]).ok_or(missing)
}
