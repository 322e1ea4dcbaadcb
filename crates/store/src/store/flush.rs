//! Rows from memory to segments.

use std::sync::Arc;

use super::shape::Shape;
use crate::error::StoreError;
use crate::recent::Generation;
use crate::segment::{Segment, SegmentId, encode, sorted};
use crate::wal::Position;

/// Makes segments of all that is in memory; up to where the log is in segments then, and how many were made.
pub(super) fn flush(shape: &Shape) -> Result<(Position, usize), StoreError> {
    let mut state = shape.state();
    let to = state.freeze_all();
    let frozen = state.frozen.clone();
    drop(state);
    for (generation, end) in &frozen {
        let segment = make_segment(shape, generation, *end)?;
        shape.catalog.change(&[&segment], &[])?;
        let mut state = shape.state();
        // In one step, so that no scan sees the rows twice or not at all.
        state.frozen.retain(|(other, _)| !Arc::ptr_eq(other, generation));
        state.segments.push(Arc::new(segment));
    }
    Ok((to, frozen.len()))
}

fn make_segment(shape: &Shape, generation: &Generation, to: Position) -> Result<Segment, StoreError> {
    let (signal, tenant) = generation.stream.clone();
    let id = SegmentId {
        signal,
        tenant,
        from: generation.from,
        to,
        generation: 0,
    };
    let rows = sorted(signal, &generation.batches()?)?;
    put_segment(shape, id, &rows)
}

/// Writes a segment; it is on the shelf when this returns.
pub(super) fn put_segment(
    shape: &Shape,
    id: SegmentId,
    rows: &arrow_array::RecordBatch,
) -> Result<Segment, StoreError> {
    let (bytes, facts) = encode(id.signal, rows)?;
    let len = bytes.len() as u64;
    shape.shelf.put(&id.name(), bytes.into())?;
    Ok(Segment::new(
        id,
        len,
        facts,
        shape.shelf.clone(),
        shape.footers.clone(),
    ))
}
