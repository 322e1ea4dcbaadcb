//! Small segments become large ones, old ones go.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use telensic_tape::UnixNanos;

use super::flush::put_segment;
use super::shape::Shape;
use crate::error::StoreError;
use crate::scan::{Limits, Meter, Plan, Predicate, Projection, Scan, Source};
use crate::segment::{MAX_ROWS, Segment, SegmentId, sorted};

/// Fewer are not worth a compaction.
const FEWEST: usize = 4;
/// Nobody waits for a compaction.
const LONG: Duration = Duration::from_secs(3600);

/// Puts segments together that follow on one another and are small; how many are gone by that.
pub(super) fn compact(shape: &Shape) -> Result<usize, StoreError> {
    let mut gone = 0;
    while let Some(small) = next_to_compact(shape) {
        gone += small.len() - 1;
        join(shape, &small)?;
    }
    Ok(gone)
}

/// Segments of one stream, one behind the other, that make no more than one.
fn next_to_compact(shape: &Shape) -> Option<Vec<Arc<Segment>>> {
    let mut streams: BTreeMap<(u8, String), Vec<Arc<Segment>>> = BTreeMap::new();
    for segment in &shape.state().segments {
        let stream = (segment.id.signal as u8, segment.id.tenant.as_str().to_owned());
        streams.entry(stream).or_default().push(segment.clone());
    }
    for segments in streams.values_mut() {
        segments.sort_by_key(|segment| segment.id.from);
        let (mut chosen, mut rows) = (Vec::new(), 0);
        for segment in segments {
            let more = segment.facts.rows as usize;
            if more > MAX_ROWS / 2 || rows + more > MAX_ROWS {
                if chosen.len() >= FEWEST {
                    return Some(chosen);
                }
                chosen.clear();
                rows = 0;
            }
            if more <= MAX_ROWS / 2 {
                chosen.push(segment.clone());
                rows += more;
            }
        }
        if chosen.len() >= FEWEST {
            return Some(chosen);
        }
    }
    None
}

fn join(shape: &Shape, small: &[Arc<Segment>]) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (small.first(), small.last()) else {
        return Ok(());
    };
    let generation = small
        .iter()
        .map(|segment| segment.id.generation)
        .max()
        .unwrap_or(0);
    let id = SegmentId {
        from: first.id.from,
        to: last.id.to,
        generation: generation + 1,
        ..first.id.clone()
    };
    let plan = Plan::new(
        id.signal,
        Predicate::default(),
        Projection::All,
        Meter::start(Limits {
            time: LONG,
            memory: usize::MAX,
        }),
    )?;
    let sources = small.iter().cloned().map(Source::Segment);
    let batches = Scan::new(plan, sources).collect::<Result<Vec<_>, _>>()?;
    let joined = put_segment(shape, id.clone(), &sorted(id.signal, &batches)?)?;
    replace(shape, Some(joined), small)
}

/// Takes segments out of the store and, in the same step, another one in.
fn replace(shape: &Shape, added: Option<Segment>, removed: &[Arc<Segment>]) -> Result<(), StoreError> {
    let gone: Vec<&Segment> = removed.iter().map(AsRef::as_ref).collect();
    let new: Vec<&Segment> = added.iter().collect();
    shape.catalog.change(&new, &gone)?;
    let mut state = shape.state();
    state
        .segments
        .retain(|segment| !removed.iter().any(|other| Arc::ptr_eq(other, segment)));
    state.segments.extend(added.map(Arc::new));
    drop(state);
    removed.iter().for_each(|segment| segment.doom());
    Ok(())
}

/// Removes what is too old or too much; how many segments that was.
pub(super) fn retain(shape: &Shape, now: UnixNanos) -> Result<usize, StoreError> {
    let mut segments = shape.state().segments.clone();
    segments.sort_by_key(|segment| Reverse(segment.facts.last));
    let retention = shape.options.retention;
    let oldest = retention.age.map_or(i64::MIN, |age| {
        let age = u64::try_from(age.as_nanos()).unwrap_or(u64::MAX);
        i64::try_from(now.0.saturating_sub(age)).unwrap_or(i64::MAX)
    });
    let (mut kept_bytes, budget) = (0u64, retention.bytes.unwrap_or(u64::MAX));
    let mut expired = Vec::new();
    for segment in segments {
        kept_bytes = kept_bytes.saturating_add(segment.len);
        if kept_bytes > budget || segment.facts.last < oldest {
            expired.push(segment);
        }
    }
    if !expired.is_empty() {
        replace(shape, None, &expired)?;
    }
    Ok(expired.len())
}
