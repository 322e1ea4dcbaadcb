//! Compares fingerprints: what differs, down to the column and the rows.
//!
//! Invariant: "same" is said only of equal hashes. What two fingerprints cannot tell, for lack of rows or of a whole
//! reading, is not guessed.

use std::collections::{HashMap, HashSet};

use super::array::ArrayFingerprint;
use super::chunks::Chunks;
use super::column::{Column, ColumnFingerprint};
use super::difference::{ColumnDifference, FileDifference, SchemaChange};
use super::file::FileFingerprint;
use super::ranges::RowRange;
use super::table::{Table, TableFingerprint};

/// How the second version of a file differs from the first. Their paths are not looked at.
pub fn compare(before: &FileFingerprint, after: &FileFingerprint) -> FileDifference {
    let (Some(first), Some(second)) = (before.blake3, after.blake3) else {
        let reason = |version: &FileFingerprint| {
            let error = version.error.as_deref().unwrap_or("has no hash");
            format!("{} {error}", version.path)
        };
        let unread = if before.blake3.is_none() { before } else { after };
        return FileDifference::Unknown {
            reason: reason(unread),
        };
    };
    if (first, before.sha256) == (second, after.sha256) {
        return FileDifference::Same;
    }
    let bytes_changed = |reason: &str| FileDifference::BytesChanged {
        reason: reason.to_owned(),
    };
    if before.format != after.format {
        return bytes_changed("the formats differ");
    }
    if before.error.is_some() || after.error.is_some() {
        return bytes_changed("the tables could not be read whole");
    }
    match (&before.table, &after.table) {
        (Some(before), Some(after)) => tables(before, after),
        _ => bytes_changed("it is no table"),
    }
}

/// How the second version of a table in memory differs from the first.
pub fn compare_tables(before: &TableFingerprint, after: &TableFingerprint) -> FileDifference {
    if (before.blake3, before.sha256) == (after.blake3, after.sha256) {
        return FileDifference::Same;
    }
    tables(&before.table, &after.table)
}

/// How the second version of an array differs from the first; a row is what has one index along the first axis.
pub fn compare_arrays(before: &ArrayFingerprint, after: &ArrayFingerprint) -> FileDifference {
    let has_same_form = before.dtype == after.dtype && before.shape == after.shape;
    if has_same_form && (before.blake3, before.sha256) == (after.blake3, after.sha256) {
        return FileDifference::Same;
    }
    let mut schema = Vec::new();
    let rows = |array: &ArrayFingerprint| array.shape.first().copied().unwrap_or(1);
    if before.dtype != after.dtype {
        schema.push(SchemaChange::Retyped {
            name: after.name.clone(),
            before: before.dtype.clone(),
            after: after.dtype.clone(),
        });
    }
    if before.shape.get(1..) != after.shape.get(1..) {
        schema.push(SchemaChange::Reshaped {
            before: before.shape.clone(),
            after: after.shape.clone(),
        });
    }
    let mut columns = Vec::new();
    let mut unsure = None;
    if schema.is_empty() {
        let row = after.row_elements();
        let elements = (before.elements(), after.elements());
        let mut changed = before.chunks.differences(&after.chunks, elements);
        let mut blurred = None;
        if let Some(ranges) = &mut changed {
            blurred = take_blurred(ranges, &before.chunks, &after.chunks, elements);
        }
        let by_row = |range: RowRange| RowRange {
            start: range.start / row,
            end: range.end.div_ceil(row),
        };
        unsure = blurred.map(by_row);
        if changed.as_ref().is_none_or(|ranges| !ranges.is_empty()) {
            columns.push(ColumnDifference {
                name: after.name.clone(),
                rows: merged(changed.unwrap_or_default().into_iter().map(by_row)),
            });
        }
    }
    FileDifference::Changed {
        schema,
        rows: (rows(before), rows(after)),
        columns,
        unsure,
    }
}

fn tables(before: &Table, after: &Table) -> FileDifference {
    let schema = schema_changes(&before.schema, &after.schema);
    let rows = (before.row_count, after.row_count);
    let (Some(old), Some(new)) = (&before.columns, &after.columns) else {
        if schema.is_empty() && rows.0 == rows.1 {
            return FileDifference::BytesChanged {
                reason: "rows and schema are the same; this format has no hashes by column".to_owned(),
            };
        }
        return FileDifference::Changed {
            schema,
            rows,
            columns: Vec::new(),
            unsure: None,
        };
    };
    let old: HashMap<(&str, usize), &ColumnFingerprint> = numbered(old, |column| &column.name).collect();
    let mut columns = Vec::new();
    let mut unsure: Option<RowRange> = None;
    for (key, column) in numbered(new, |column| &column.name) {
        let Some(earlier) = old.get(&key) else { continue };
        if earlier.blake3 == column.blake3 {
            continue;
        }
        let Some(mut changed) = earlier.chunks.differences(&column.chunks, rows) else {
            columns.push(ColumnDifference {
                name: column.name.clone(),
                rows: Vec::new(),
            });
            continue;
        };
        // All columns end in the same row, so their blurred chunks are one.
        unsure = take_blurred(&mut changed, &earlier.chunks, &column.chunks, rows).or(unsure);
        if !changed.is_empty() {
            columns.push(ColumnDifference {
                name: column.name.clone(),
                rows: changed,
            });
        }
    }
    if schema.is_empty() && columns.is_empty() && unsure.is_none() && rows.0 == rows.1 {
        if before.ragged_rows + after.ragged_rows + before.columns_left_out + after.columns_left_out > 0 {
            return FileDifference::BytesChanged {
                reason: "the hashed columns are the same; cells past the last column are not hashed"
                    .to_owned(),
            };
        }
        return FileDifference::SameValues;
    }
    FileDifference::Changed {
        schema,
        rows,
        columns,
        unsure,
    }
}

/// Takes away the chunk in which the shorter version ends, if the longer one goes on in it: its hashes differ in any
/// case.
fn take_blurred(
    changed: &mut Vec<RowRange>,
    before: &Chunks,
    after: &Chunks,
    rows: (u64, u64),
) -> Option<RowRange> {
    let common = rows.0.min(rows.1);
    let size = before.rows_per_chunk.max(after.rows_per_chunk);
    if rows.0 == rows.1 || common.is_multiple_of(size) {
        return None;
    }
    let start = common / size * size;
    let last = changed.last_mut()?;
    if last.end <= start {
        return None;
    }
    let blurred = RowRange { start, end: last.end };
    last.end = start;
    if last.start >= last.end {
        changed.pop();
    }
    Some(blurred)
}

/// Columns with the number of their occurrence: a table can have two of one name.
fn numbered<'a, T>(
    columns: &'a [T],
    name: impl Fn(&'a T) -> &'a str,
) -> impl Iterator<Item = ((&'a str, usize), &'a T)> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    columns.iter().map(move |column| {
        let times = seen.entry(name(column)).or_default();
        *times += 1;
        ((name(column), *times), column)
    })
}

fn schema_changes(before: &[Column], after: &[Column]) -> Vec<SchemaChange> {
    let old: Vec<((&str, usize), &Column)> = numbered(before, |column| &column.name).collect();
    let new: Vec<((&str, usize), &Column)> = numbered(after, |column| &column.name).collect();
    let old_by_key: HashMap<_, _> = old.iter().copied().collect();
    let new_keys: HashSet<_> = new.iter().map(|(key, _)| *key).collect();
    let mut changes = Vec::new();
    for (key, column) in &old {
        if !new_keys.contains(key) {
            changes.push(SchemaChange::Removed {
                name: column.name.clone(),
            });
        }
    }
    for (key, column) in &new {
        match old_by_key.get(key) {
            None => changes.push(SchemaChange::Added {
                name: column.name.clone(),
            }),
            Some(earlier) if earlier.dtype != column.dtype => changes.push(SchemaChange::Retyped {
                name: column.name.clone(),
                before: earlier.dtype.clone(),
                after: column.dtype.clone(),
            }),
            Some(_) => {}
        }
    }
    let stayed = old
        .iter()
        .map(|(key, _)| key)
        .filter(|key| new_keys.contains(*key));
    let still = new
        .iter()
        .map(|(key, _)| key)
        .filter(|key| old_by_key.contains_key(*key));
    if !stayed.eq(still) {
        changes.push(SchemaChange::Reordered);
    }
    changes
}

/// Ranges in order, those that touch or overlap made one.
fn merged(ranges: impl Iterator<Item = RowRange>) -> Vec<RowRange> {
    let mut all: Vec<RowRange> = Vec::new();
    for range in ranges {
        match all.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => all.push(range),
        }
    }
    all
}
