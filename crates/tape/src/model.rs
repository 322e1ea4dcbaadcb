//! The append protocol and the handover through the pool, in every interleaving that loom finds.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p telensic-tape --release --lib loom`. The functions are the real ones;
//! only the memory below them is loom's (`model/region.rs`), and the mutex that [`crate::writer`] holds.

use std::sync::Arc;

use loom::sync::Mutex;

use crate::format::{CELL, Signal};
use crate::region::Region;
use crate::writer::hot::{Hot, LaneKey, OpenChunk, Segment};
use crate::writer::pool::Pool;
use crate::{UnixNanos, otlp};

fn key() -> LaneKey {
    LaneKey {
        signal: Signal::Logs,
        export: true,
        scope: Arc::from([]),
    }
}

fn segment(cells: usize) -> Arc<Segment> {
    Segment::new(Region::anonymous(cells * CELL).unwrap(), Some(0))
}

/// The records of a body, each of which must be whole.
fn records(hot: &Hot) -> Vec<Vec<u8>> {
    otlp::Repeated::new(hot.body(), otlp::field::scope_records::RECORD)
        .map(|record| record.unwrap().to_vec())
        .collect()
}

#[test]
fn loom_a_reader_sees_whole_records_or_none() {
    loom::model(|| {
        let hot = Hot::new(&segment(1), 0);
        let mut chunk = OpenChunk::begin(hot.clone(), 1, &key(), 0, UnixNanos(1));
        let reader = loom::thread::spawn(move || records(&hot));
        chunk.append(b"ab", UnixNanos(2));
        chunk.append(b"c", UnixNanos(3));
        let read = reader.join().unwrap();
        let all = [b"ab".to_vec(), b"c".to_vec()];
        assert!(all.starts_with(&read), "{read:?}");
    });
}

#[test]
fn loom_a_snapshot_counts_the_records_that_it_has_or_one_more() {
    loom::model(|| {
        let hot = Hot::new(&segment(1), 0);
        let mut chunk = OpenChunk::begin(hot.clone(), 1, &key(), 0, UnixNanos(1));
        let reader = loom::thread::spawn(move || {
            let (header, body) = hot.snapshot();
            let counted = u64::from_le_bytes(header[24..32].try_into().unwrap());
            let found = otlp::Repeated::new(body, otlp::field::scope_records::RECORD).count() as u64;
            assert!(
                counted == found || counted == found + 1,
                "{found} records, {counted} counted"
            );
        });
        chunk.append(b"a", UnixNanos(2));
        chunk.append(b"b", UnixNanos(3));
        reader.join().unwrap();
    });
}

/// As `Shared::claim` does once there is a free cell.
fn claim(pool: &Mutex<Pool>, id: u64) -> Option<OpenChunk> {
    let mut pool = pool.lock().unwrap();
    if let Some(left) = pool.take_left(&key()) {
        return Some(left);
    }
    let chunk = OpenChunk::begin(pool.take_free()?, id, &key(), 0, UnixNanos(1));
    pool.enter(chunk.hot().clone());
    Some(chunk)
}

/// As a recording thread does that helps, and the clerk.
fn write_out(pool: &Mutex<Pool>) {
    let full = pool.lock().unwrap().take_full();
    if let Some(hot) = full {
        assert_eq!(records(&hot).len(), 1);
        pool.lock().unwrap().recycle(hot);
    }
}

/// As `Clerk::visit_open`.
fn visit_open(pool: &Mutex<Pool>) {
    let open = pool.lock().unwrap().open_chunks();
    for hot in open {
        let id = hot.id();
        let pinned = pool.lock().unwrap().pin(&hot, id);
        if pinned {
            let first = records(&hot);
            // A consumer holds the slice for a while; what it has seen must still be there.
            assert!(records(&hot).starts_with(&first));
            pool.lock().unwrap().unpin();
        }
    }
}

fn pool() -> loom::sync::Arc<Mutex<Pool>> {
    let mut pool = Pool::new(true);
    pool.add(&segment(1), 1);
    loom::sync::Arc::new(Mutex::new(pool))
}

fn bounded(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(model);
}

#[test]
fn loom_a_cell_is_written_anew_only_when_nobody_reads_it() {
    bounded(|| {
        let pool = pool();
        let clerk = loom::thread::spawn({
            let pool = pool.clone();
            move || visit_open(&pool)
        });
        // A thread fills one chunk after another, and writes them out itself.
        for id in 1..=2 {
            let Some(mut chunk) = claim(&pool, id) else { break };
            chunk.append(b"x", UnixNanos(id));
            pool.lock().unwrap().finish(chunk);
            write_out(&pool);
        }
        clerk.join().unwrap();
    });
}

#[test]
fn loom_clerk_and_helper_never_take_the_same_chunk() {
    bounded(|| {
        let pool = pool();
        let clerk = loom::thread::spawn({
            let pool = pool.clone();
            move || {
                visit_open(&pool);
                write_out(&pool);
            }
        });
        let helper = loom::thread::spawn({
            let pool = pool.clone();
            move || write_out(&pool)
        });
        for id in 1..=2 {
            let Some(mut chunk) = claim(&pool, id) else { break };
            chunk.append(b"x", UnixNanos(id));
            pool.lock().unwrap().finish(chunk);
        }
        clerk.join().unwrap();
        helper.join().unwrap();
    });
}

#[test]
fn loom_a_chunk_that_a_thread_left_is_continued_whole() {
    bounded(|| {
        let pool = pool();
        let first = loom::thread::spawn({
            let pool = pool.clone();
            move || {
                if let Some(mut chunk) = claim(&pool, 1) {
                    chunk.append(b"x", UnixNanos(1));
                    pool.lock().unwrap().leave(key(), chunk);
                }
            }
        });
        let clerk = loom::thread::spawn({
            let pool = pool.clone();
            move || visit_open(&pool)
        });
        if let Some(mut chunk) = claim(&pool, 2) {
            chunk.append(b"y", UnixNanos(2));
            pool.lock().unwrap().leave(key(), chunk);
        }
        first.join().unwrap();
        clerk.join().unwrap();
        let open = pool.lock().unwrap().open_chunks();
        let written = records(&open[0]).len();
        assert!(written == 2 || open[0].id() > 0 && written == 1);
    });
}
