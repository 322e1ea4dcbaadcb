//! Values within values: lists, structs, maps, unions.
//!
//! ```text
//! null                 0
//! anything else        1, then:
//!   fixed width        its little-endian bytes, every NaN the same
//!   bool               one byte
//!   text, bytes        varint(length), bytes
//!   list, map          varint(length), each value
//!   struct             each field
//!   union              type id, value
//!   dictionary         the value that the key means
//! ```

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, DataType, UnionMode};

use super::column::push_fixed;
use super::dtype::{array_dtype_of, name_of};
use crate::fingerprint::array::ArrayDtype;
use crate::fingerprint::column::push_length;

/// Appends one value.
pub(super) fn encode_value(array: &dyn Array, row: usize, out: &mut Vec<u8>) -> Result<(), ArrowError> {
    if array.is_null(row) || matches!(array.data_type(), DataType::Null) {
        out.push(0);
        return Ok(());
    }
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let key = arrow_select::take::take(
            dictionary.values().as_ref(),
            &dictionary.keys().slice(row, 1),
            None,
        )?;
        return encode_value(key.as_ref(), 0, out);
    }
    out.push(1);
    match array.data_type() {
        DataType::Boolean => out.push(u8::from(array.as_boolean().value(row))),
        DataType::Utf8 => push_bytes(array.as_string::<i32>().value(row).as_bytes(), out),
        DataType::LargeUtf8 => push_bytes(array.as_string::<i64>().value(row).as_bytes(), out),
        DataType::Utf8View => push_bytes(array.as_string_view().value(row).as_bytes(), out),
        DataType::Binary => push_bytes(array.as_binary::<i32>().value(row), out),
        DataType::LargeBinary => push_bytes(array.as_binary::<i64>().value(row), out),
        DataType::BinaryView => push_bytes(array.as_binary_view().value(row), out),
        DataType::FixedSizeBinary(_) => push_bytes(array.as_fixed_size_binary().value(row), out),
        DataType::List(_) => return encode_list(&array.as_list::<i32>().value(row), out),
        DataType::LargeList(_) => return encode_list(&array.as_list::<i64>().value(row), out),
        DataType::FixedSizeList(_, _) => return encode_list(&array.as_fixed_size_list().value(row), out),
        DataType::Map(_, _) => {
            let entries: ArrayRef = std::sync::Arc::new(array.as_map().value(row));
            return encode_list(&entries, out);
        }
        DataType::Struct(_) => {
            for field in array.as_struct().columns() {
                encode_value(field.as_ref(), row, out)?;
            }
        }
        DataType::Union(_, mode) => {
            let union = array.as_union();
            let id = union.type_id(row);
            let place = match mode {
                UnionMode::Dense => union.value_offset(row),
                UnionMode::Sparse => row,
            };
            out.push(id as u8);
            return encode_value(union.child(id).as_ref(), place, out);
        }
        dtype if dtype.is_primitive() => {
            let start = out.len();
            push_fixed(array.slice(row, 1).as_ref(), out);
            if let Some(float) = array_dtype_of(dtype).and_then(ArrayDtype::float_width) {
                float.unify_nans(&mut out[start..]);
            }
        }
        other => {
            return Err(ArrowError::NotYetImplemented(format!(
                "values of type {} are not hashed",
                name_of(other)
            )));
        }
    }
    Ok(())
}

fn encode_list(values: &ArrayRef, out: &mut Vec<u8>) -> Result<(), ArrowError> {
    push_length(out, values.len());
    (0..values.len()).try_for_each(|row| encode_value(values.as_ref(), row, out))
}

fn push_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    push_length(out, bytes.len());
    out.extend_from_slice(bytes);
}
