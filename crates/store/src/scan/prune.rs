//! What of a segment need not be read.

use parquet::arrow::arrow_reader::RowSelection;
use parquet::bloom_filter::Sbbf;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::statistics::Statistics;
use telensic_tape::Signal;

use super::predicate::{Condition, Predicate, ValueTest};
use crate::columns::name;
use crate::error::StoreError;
use crate::segment::{Footer, Segment, SegmentFacts, damaged, time_column};

const ATTRIBUTE_TEXT: &str = "attributes.entries.value.text";

/// Whether rows of a segment may fulfil the predicate, by its facts.
pub(super) fn may_hold(signal: Signal, facts: &SegmentFacts, predicate: &Predicate) -> bool {
    let time = predicate.time();
    // Times beyond the year 2262 are negative here; they are not pruned.
    if facts.first >= 0 && (facts.last < time.start || facts.first >= time.end) {
        return false;
    }
    predicate.conditions.iter().all(|condition| {
        let Condition::Text { column, is } = condition else {
            return true;
        };
        let Some(wanted) = is.wanted() else { return true };
        if facts.is_partial {
            return true;
        }
        let has = |word: &String| match (column.as_str(), signal) {
            (name::RUN_ID, _) => facts.runs.contains_key(word),
            // Of log records only events are listed.
            (name::SERVICE, Signal::Spans | Signal::Metrics) => facts.operations.contains_key(word),
            (name::NAME, Signal::Spans | Signal::Metrics) | (name::EVENT_NAME, Signal::Logs) => {
                facts.operations.values().any(|names| names.contains_key(word))
            }
            _ => true,
        };
        wanted.iter().any(has)
    })
}

/// The row groups whose rows may fulfil the predicate.
pub(super) fn row_groups(
    signal: Signal,
    segment: &Segment,
    footer: &Footer,
    predicate: &Predicate,
) -> Result<Vec<usize>, StoreError> {
    let mut left = Vec::new();
    for (place, group) in footer.metadata().row_groups().iter().enumerate() {
        let mut may_hold = true;
        for condition in &predicate.conditions {
            may_hold = may_hold && group_may_hold(signal, segment, group, condition)?;
        }
        if may_hold {
            left.push(place);
        }
    }
    Ok(left)
}

fn group_may_hold(
    signal: Signal,
    segment: &Segment,
    group: &RowGroupMetaData,
    condition: &Condition,
) -> Result<bool, StoreError> {
    match condition {
        Condition::Time(range) => {
            let Some(column) = column_at(group, time_column(signal)) else {
                return Ok(true);
            };
            let Some(Statistics::Int64(statistics)) = column.statistics() else {
                return Ok(true);
            };
            let (Some(least), Some(most)) = (statistics.min_opt(), statistics.max_opt()) else {
                return Ok(true);
            };
            // Times beyond 2262 are negative here; they are not pruned.
            let is_outside = *least >= 0 && ((*most as u64) < range.start.0 || *least as u64 >= range.end.0);
            Ok(!is_outside)
        }
        Condition::Trace(trace_id) => {
            let wanted = trace_id.to_bytes();
            let Some(column) = column_at(group, name::TRACE_ID) else {
                return Ok(true);
            };
            if let Some(Statistics::FixedLenByteArray(statistics)) = column.statistics()
                && let (Some(least), Some(most)) = (statistics.min_bytes_opt(), statistics.max_bytes_opt())
                && (wanted.as_slice() < least || wanted.as_slice() > most)
            {
                return Ok(false);
            }
            let filter = bloom_filter(segment, column)?;
            Ok(filter.is_none_or(|filter| filter.check(wanted.as_slice())))
        }
        Condition::Attribute {
            is: ValueTest::Text(is),
            ..
        } => {
            let Some(wanted) = is.wanted() else {
                return Ok(true);
            };
            let Some(column) = column_at(group, ATTRIBUTE_TEXT) else {
                return Ok(true);
            };
            let filter = bloom_filter(segment, column)?;
            Ok(filter.is_none_or(|filter| wanted.iter().any(|word| filter.check(word.as_str()))))
        }
        _ => Ok(true),
    }
}

fn column_at<'a>(group: &'a RowGroupMetaData, path: &str) -> Option<&'a ColumnChunkMetaData> {
    group
        .columns()
        .iter()
        .find(|column| column.column_path().string() == path)
}

fn bloom_filter(segment: &Segment, column: &ColumnChunkMetaData) -> Result<Option<Sbbf>, StoreError> {
    let (Some(offset), Some(len)) = (column.bloom_filter_offset(), column.bloom_filter_length()) else {
        return Ok(None);
    };
    let from = u64::try_from(offset).unwrap_or(u64::MAX);
    let range = from..from.saturating_add(u64::try_from(len).unwrap_or(0));
    if range.end > segment.len {
        return Err(damaged(&segment.name, &"a bloom filter lies beyond its end"));
    }
    let bytes = segment.shelf.read(&segment.name, &[range])?;
    let Some(bytes) = bytes.first() else {
        return Ok(None);
    };
    Sbbf::from_bytes(bytes)
        .map(Some)
        .map_err(|error| damaged(&segment.name, &error))
}

/// The rows of these row groups whose pages may hold the wanted trace; `None` if no trace is wanted.
pub(super) fn pages(footer: &Footer, groups: &[usize], predicate: &Predicate) -> Option<RowSelection> {
    let wanted = predicate
        .conditions
        .iter()
        .find_map(|condition| match condition {
            Condition::Trace(trace_id) => Some(trace_id.to_bytes()),
            _ => None,
        })?;
    let metadata = footer.metadata();
    let (columns, offsets) = (metadata.column_index()?, metadata.offset_index()?);
    let (mut ranges, mut first_row) = (Vec::new(), 0);
    for place in groups {
        let group = metadata.row_groups().get(*place)?;
        let rows = usize::try_from(group.num_rows()).ok()?;
        let at = group
            .columns()
            .iter()
            .position(|column| column.column_path().string() == name::TRACE_ID)?;
        let ColumnIndexMetaData::FIXED_LEN_BYTE_ARRAY(index) = columns.get(*place)?.get(at)? else {
            return None;
        };
        let starts: Vec<usize> = offsets
            .get(*place)?
            .get(at)?
            .page_locations()
            .iter()
            .map(|page| usize::try_from(page.first_row_index).unwrap_or(0).min(rows))
            .collect();
        for (page, start) in starts.iter().enumerate() {
            let end = starts.get(page + 1).copied().unwrap_or(rows);
            let is_outside = match (index.min_value(page), index.max_value(page)) {
                (Some(least), Some(most)) => wanted.as_slice() < least || wanted.as_slice() > most,
                _ => index.is_null_page(page),
            };
            if !is_outside {
                ranges.push(first_row + start..first_row + end);
            }
        }
        first_row += rows;
    }
    Some(RowSelection::from_consecutive_ranges(
        ranges.into_iter(),
        first_row,
    ))
}
