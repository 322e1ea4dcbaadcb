//! Rows in the order in which segments keep them: what is asked for together lies together.

use arrow_array::{Array, FixedSizeBinaryArray, RecordBatch, UInt32Array};
use arrow_select::concat::concat_batches;
use arrow_select::take::take_record_batch;
use telensic_tape::Signal;

use crate::columns::{WordsColumn, ids, name, schema_of, times, words};
use crate::error::StoreError;
use crate::segment::time_column;

/// All rows of these batches in one, in order.
pub(crate) fn sorted(signal: Signal, batches: &[RecordBatch]) -> Result<RecordBatch, StoreError> {
    let all = concat_batches(&schema_of(signal), batches)?;
    let runs = ranks(&words(&all, name::RUN_ID)?, all.num_rows());
    let time = times(&all, time_column(signal))?.values();
    // Rows without an id have 0 and come first.
    let second: Vec<u128> = match signal {
        Signal::Metrics => {
            let names = ranks(&words(&all, name::NAME)?, all.num_rows());
            names.into_iter().map(u128::from).collect()
        }
        Signal::Spans | Signal::Logs => trace_numbers(ids(&all, name::TRACE_ID)?),
    };
    let mut order: Vec<(u32, u128, i64, u32)> = (0..all.num_rows())
        .map(|row| (runs[row], second[row], time[row], row as u32))
        .collect();
    order.sort_unstable();
    let order = UInt32Array::from_iter_values(order.into_iter().map(|(_, _, _, row)| row));
    Ok(take_record_batch(&all, &order)?)
}

/// The place of each row's word among all words; 0 for rows without.
fn ranks(column: &WordsColumn<'_>, rows: usize) -> Vec<u32> {
    let mut sorted: Vec<usize> = (0..column.words()).collect();
    sorted.sort_unstable_by_key(|place| column.word(*place));
    let mut ranks = vec![0u32; column.words()];
    let mut rank = 0;
    for (at, place) in sorted.iter().enumerate() {
        // A dictionary put together from several may have a word twice.
        if at == 0 || column.word(sorted[at - 1]) != column.word(*place) {
            rank += 1;
        }
        ranks[*place] = rank;
    }
    (0..rows)
        .map(|row| {
            column
                .place(row)
                .and_then(|place| ranks.get(place))
                .copied()
                .unwrap_or(0)
        })
        .collect()
}

fn trace_numbers(ids: &FixedSizeBinaryArray) -> Vec<u128> {
    (0..ids.len())
        .map(|row| {
            let id = ids
                .is_valid(row)
                .then(|| ids.value(row).try_into().ok())
                .flatten();
            id.map_or(0, |id: [u8; 16]| u128::from_be_bytes(id))
        })
        .collect()
}
