//! Which rows of a batch fulfil a condition.
//!
//! Texts are dictionaries, so each word is looked at once, not each row.

use arrow_array::{Array, BooleanArray, Int32Array, Int64Array, RecordBatch, StructArray};
use telensic_tape::Signal;
use telensic_tape::otlp::{AnyView, Attributes, field};

use super::predicate::{Condition, TextTest, ValueTest};
use crate::columns::{AttributesColumn, Stored, ValuesColumn, WordsColumn, blobs, name, optional, words};
use crate::error::{StoreError, StoreErrorKind};
use crate::segment::time_column;
use crate::visitor::Any;

/// The columns that a condition looks at.
pub(super) fn columns_of(signal: Signal, condition: &Condition) -> Vec<&str> {
    vec![match condition {
        Condition::Time(_) => time_column(signal),
        Condition::Trace(_) => name::TRACE_ID,
        Condition::Text { column, .. } | Condition::Number { column, .. } | Condition::Missing(column) => {
            column
        }
        Condition::Attribute { .. } => name::ATTRIBUTES,
        Condition::Resource { .. } => name::RESOURCE,
        Condition::Body(_) => name::BODY,
    }]
}

/// For each row, whether it fulfils the condition.
pub(crate) fn fulfilled(
    signal: Signal,
    condition: &Condition,
    batch: &RecordBatch,
) -> Result<BooleanArray, StoreError> {
    let rows = batch.num_rows();
    Ok(match condition {
        Condition::Time(range) => {
            let column = crate::columns::times(batch, time_column(signal))?;
            let is_open = range.end.0 == u64::MAX;
            let is_within = |time: u64| range.start.0 <= time && (time < range.end.0 || is_open);
            let times = column.values().iter();
            times.map(|time| Some(is_within(*time as u64))).collect()
        }
        Condition::Trace(trace_id) => {
            let wanted = trace_id.to_bytes();
            let column = crate::columns::ids(batch, name::TRACE_ID)?;
            (0..rows)
                .map(|row| Some(column.is_valid(row) && column.value(row) == wanted))
                .collect()
        }
        Condition::Text { column, is } => by_word(&words(batch, column)?, rows, is),
        Condition::Number { column, least, most } => by_number(batch, column, *least, *most)?,
        Condition::Missing(column) => {
            let column = batch
                .column_by_name(column)
                .ok_or_else(|| no_column(column, "any"))?;
            (0..rows).map(|row| Some(column.is_null(row))).collect()
        }
        Condition::Attribute { key, is } => by_attribute(batch, key, is)?,
        Condition::Resource { key, is } => by_resource(batch, key, is)?,
        Condition::Body(is) => by_body(batch, is)?,
    })
}

fn no_column(column: &str, kind: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::Invalid,
        format!("{column} is no column of {kind} values; see the list of columns"),
    )
}

fn by_word(column: &WordsColumn<'_>, rows: usize, is: &TextTest) -> BooleanArray {
    let accepted: Vec<bool> = (0..column.words())
        .map(|place| is.accepts(column.word(place)))
        .collect();
    let row = |row| column.place(row).and_then(|place| accepted.get(place)).copied();
    (0..rows).map(|at| Some(row(at).unwrap_or(false))).collect()
}

fn by_number(batch: &RecordBatch, column: &str, least: i64, most: i64) -> Result<BooleanArray, StoreError> {
    let is_within = |number: i64| least <= number && number <= most;
    if let Some(numbers) = optional::<Int64Array>(batch, column) {
        return Ok(numbers
            .iter()
            .map(|number| Some(number.is_some_and(is_within)))
            .collect());
    }
    let numbers = optional::<Int32Array>(batch, column).ok_or_else(|| no_column(column, "integer"))?;
    let row = |number: Option<i32>| Some(number.is_some_and(|number| is_within(number.into())));
    Ok(numbers.iter().map(row).collect())
}

fn by_attribute(batch: &RecordBatch, key: &str, is: &ValueTest) -> Result<BooleanArray, StoreError> {
    let column = batch.column_by_name(name::ATTRIBUTES);
    let attributes = column
        .and_then(|column| AttributesColumn::of(column.as_ref()))
        .ok_or_else(|| no_column(name::ATTRIBUTES, "attribute"))?;
    let (keys, values) = (attributes.keys(), attributes.values());
    let is_key: Vec<bool> = (0..keys.words()).map(|place| keys.word(place) == key).collect();
    let has_key = |at: usize| {
        keys.place(at)
            .is_some_and(|place| is_key.get(place) == Some(&true))
    };
    let fulfils = |row: usize| {
        let mut entries = attributes.range(row);
        entries.any(|at| has_key(at) && accepts(is, &values, at))
    };
    Ok((0..batch.num_rows()).map(|row| Some(fulfils(row))).collect())
}

fn accepts(is: &ValueTest, values: &ValuesColumn<'_>, at: usize) -> bool {
    match is {
        ValueTest::Present => true,
        ValueTest::Text(test) => values.text(at).is_some_and(|text| test.accepts(text)),
        ValueTest::Int(wanted) => values.get(at) == Stored::Any(Any::Int(*wanted)),
        ValueTest::Double(wanted) => values.get(at) == Stored::Any(Any::Double(*wanted)),
        ValueTest::Bool(wanted) => values.get(at) == Stored::Any(Any::Bool(*wanted)),
    }
}

fn by_resource(batch: &RecordBatch, key: &str, is: &ValueTest) -> Result<BooleanArray, StoreError> {
    let column = blobs(batch, name::RESOURCE)?;
    let accepts = |resource: &[u8]| {
        let found = Attributes::new(resource, field::resource::ATTRIBUTE).find(key);
        found.is_some_and(|value| match (is, value) {
            (ValueTest::Present, _) => true,
            (ValueTest::Text(test), AnyView::Str(text)) => test.accepts(text),
            (ValueTest::Int(wanted), AnyView::I64(int)) => int == *wanted,
            (ValueTest::Double(wanted), AnyView::F64(double)) => double == *wanted,
            (ValueTest::Bool(wanted), AnyView::Bool(bool)) => bool == *wanted,
            _ => false,
        })
    };
    let accepted: Vec<bool> = (0..column.words())
        .map(|place| accepts(column.word(place)))
        .collect();
    let row = |row| column.place(row).and_then(|place| accepted.get(place)).copied();
    Ok((0..batch.num_rows())
        .map(|at| Some(row(at).unwrap_or(false)))
        .collect())
}

fn by_body(batch: &RecordBatch, is: &TextTest) -> Result<BooleanArray, StoreError> {
    let has_body = optional::<StructArray>(batch, name::BODY);
    let column = has_body
        .and_then(|column| ValuesColumn::of(column))
        .ok_or_else(|| no_column(name::BODY, "body"))?;
    let row = |row| column.text(row).is_some_and(|text| is.accepts(text));
    Ok((0..batch.num_rows()).map(|at| Some(row(at))).collect())
}
