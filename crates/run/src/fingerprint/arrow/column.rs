//! One Arrow column, piece by piece, to its hasher.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, downcast_primitive_array};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType};

use super::dtype::{array_dtype_of, name_of};
use super::nested::encode_value;
use crate::fingerprint::array::ArrayDtype;
use crate::fingerprint::array::range::RangeOf;
use crate::fingerprint::column::{ColumnFingerprint, ColumnHasher, ColumnTraits, push_length};

/// A column being hashed.
pub(crate) struct ArrowColumn {
    name: String,
    dtype: String,
    hasher: ColumnHasher,
    nulls: u64,
    range: RangeOf,
}

impl ArrowColumn {
    /// A column of a table of so many.
    pub(crate) fn new(name: &str, dtype: &DataType, columns: usize) -> Self {
        let values = match dtype {
            DataType::Dictionary(_, values) => values,
            plain => plain,
        };
        Self {
            name: name.to_owned(),
            dtype: name_of(dtype),
            hasher: ColumnHasher::new(columns),
            nulls: 0,
            range: RangeOf::new(array_dtype_of(values).unwrap_or(ArrayDtype::Bytes(1))),
        }
    }

    /// Adds rows.
    pub(crate) fn add(&mut self, array: &ArrayRef) -> Result<(), ArrowError> {
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            let values = arrow_select::take::take(dictionary.values().as_ref(), dictionary.keys(), None)?;
            return self.add(&values);
        }
        let mut at = 0;
        while at < array.len() {
            let rows = (array.len() - at).min(self.hasher.room() as usize);
            self.add_piece(&array.slice(at, rows))?;
            self.hasher.advance(rows as u64);
            at += rows;
        }
        Ok(())
    }

    fn add_piece(&mut self, piece: &ArrayRef) -> Result<(), ArrowError> {
        let nulls = piece.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        if let Some(nulls) = &nulls {
            self.nulls += nulls.null_count() as u64;
            for row in (0..piece.len()).filter(|row| nulls.is_null(*row)) {
                self.hasher.mark_null(row as u32);
            }
        }
        match piece.data_type() {
            DataType::Null => {}
            DataType::Boolean => {
                let out = self.hasher.buffer();
                let flags = piece.as_boolean();
                out.extend(flags.iter().map(|flag| u8::from(flag == Some(true))));
            }
            DataType::Utf8 => self.add_texts(piece.as_string::<i32>().iter()),
            DataType::LargeUtf8 => self.add_texts(piece.as_string::<i64>().iter()),
            DataType::Utf8View => self.add_texts(piece.as_string_view().iter()),
            DataType::Binary => self.add_texts(piece.as_binary::<i32>().iter()),
            DataType::LargeBinary => self.add_texts(piece.as_binary::<i64>().iter()),
            DataType::BinaryView => self.add_texts(piece.as_binary_view().iter()),
            DataType::FixedSizeBinary(_) => self.add_texts(piece.as_fixed_size_binary().iter()),
            dtype if dtype.is_primitive() => self.add_fixed(piece, nulls.as_ref()),
            _ => {
                for row in 0..piece.len() {
                    encode_value(piece.as_ref(), row, self.hasher.buffer())?;
                }
            }
        }
        Ok(())
    }

    fn add_texts<T: AsRef<[u8]>>(&mut self, texts: impl Iterator<Item = Option<T>>) {
        let out = self.hasher.buffer();
        for text in texts {
            let text = text.as_ref().map_or(&[][..], AsRef::as_ref);
            push_length(out, text.len());
            out.extend_from_slice(text);
        }
    }

    fn add_fixed(&mut self, piece: &ArrayRef, nulls: Option<&NullBuffer>) {
        let array_dtype = array_dtype_of(piece.data_type());
        let out = self.hasher.buffer();
        let start = out.len();
        push_fixed(piece.as_ref(), out);
        let added = &mut out[start..];
        if let Some(float) = array_dtype.and_then(ArrayDtype::float_width) {
            float.unify_nans(added);
        }
        let Some(nulls) = nulls else {
            self.range.add(added);
            return;
        };
        // What lies under a null is anything: it counts for nothing.
        let width = added.len() / piece.len().max(1);
        let mut valid = Vec::with_capacity(added.len());
        for (row, value) in added.chunks_exact_mut(width.max(1)).enumerate() {
            if nulls.is_null(row) {
                value.fill(0);
            } else {
                valid.extend_from_slice(value);
            }
        }
        self.range.add(&valid);
    }

    pub(crate) fn finish(self) -> ColumnFingerprint {
        let traits = ColumnTraits {
            dtype: self.dtype,
            null_count: self.nulls,
            nan_count: self.range.nan_count(),
            range: self.range.range(),
        };
        self.hasher.finish(self.name, traits)
    }
}

/// Appends the values of a primitive array, little-endian, with whatever lies under its nulls.
pub(super) fn push_fixed(array: &dyn Array, out: &mut Vec<u8>) {
    let start = out.len();
    downcast_primitive_array!(
        array => out.extend_from_slice(array.values().inner().as_slice()),
        _ => {}
    );
    let width = array.data_type().primitive_width().unwrap_or(1);
    if cfg!(target_endian = "big") {
        out[start..].chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
}
