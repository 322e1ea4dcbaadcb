//! Names of Arrow types. Types that hold the same values have one name, whichever way a library lays them out.

use arrow_schema::{DataType, TimeUnit};

use crate::fingerprint::array::ArrayDtype;

/// The name of the type: a dictionary has that of its values, the three layouts of text are all `string`.
pub(super) fn name_of(dtype: &DataType) -> String {
    match dtype {
        DataType::Null => "null".to_owned(),
        DataType::Boolean => "bool".to_owned(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "string".to_owned(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => "binary".to_owned(),
        DataType::FixedSizeBinary(width) => format!("binary[{width}]"),
        DataType::Timestamp(unit, None) => format!("timestamp[{}]", unit_name(*unit)),
        DataType::Timestamp(unit, Some(zone)) => format!("timestamp[{}, {zone}]", unit_name(*unit)),
        DataType::Date32 | DataType::Date64 => "date".to_owned(),
        DataType::Time32(unit) | DataType::Time64(unit) => format!("time[{}]", unit_name(*unit)),
        DataType::Duration(unit) => format!("duration[{}]", unit_name(*unit)),
        DataType::Dictionary(_, values) => name_of(values),
        DataType::List(item) | DataType::LargeList(item) => format!("list<{}>", name_of(item.data_type())),
        DataType::FixedSizeList(item, size) => format!("list<{}>[{size}]", name_of(item.data_type())),
        DataType::Struct(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|field| format!("{}: {}", field.name(), name_of(field.data_type())))
                .collect();
            format!("struct<{}>", fields.join(", "))
        }
        DataType::Map(entries, _) => format!("map<{}>", name_of(entries.data_type())),
        plain => plain.to_string().to_ascii_lowercase(),
    }
}

fn unit_name(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Second => "s",
        TimeUnit::Millisecond => "ms",
        TimeUnit::Microsecond => "us",
        TimeUnit::Nanosecond => "ns",
    }
}

/// How the values of a fixed width are read for their range and their NaNs; those without an order as bytes.
pub(super) fn array_dtype_of(dtype: &DataType) -> Option<ArrayDtype> {
    Some(match dtype {
        DataType::Int8 => ArrayDtype::Int8,
        DataType::Int16 => ArrayDtype::Int16,
        DataType::Int32 | DataType::Date32 | DataType::Time32(_) => ArrayDtype::Int32,
        DataType::Int64
        | DataType::Date64
        | DataType::Time64(_)
        | DataType::Timestamp(_, _)
        | DataType::Duration(_) => ArrayDtype::Int64,
        DataType::UInt8 => ArrayDtype::UInt8,
        DataType::UInt16 => ArrayDtype::UInt16,
        DataType::UInt32 => ArrayDtype::UInt32,
        DataType::UInt64 => ArrayDtype::UInt64,
        DataType::Float16 => ArrayDtype::Float16,
        DataType::Float32 => ArrayDtype::Float32,
        DataType::Float64 => ArrayDtype::Float64,
        other => ArrayDtype::Bytes(other.primitive_width()?),
    })
}
