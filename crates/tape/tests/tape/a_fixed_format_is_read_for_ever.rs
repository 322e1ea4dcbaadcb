//! The golden file was written once; it must never change, and every later reader must read it as this does.
//!
//! `TELENSIC_WRITE_GOLDEN=1` writes it anew, which is right only before a format is released.

use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use telensic_tape::otlp::{self, AnyView, Value, field};
use telensic_tape::{
    ChunkState, FormatVersion, Loss, OpenSpan, Signal, SpanId, TapeWriter, TraceId, UnixNanos, format,
};

use crate::support::{Dir, open_sound, run};

/// BLAKE3 of the file.
const HASH: &str = "d88ebdb92ef7223de48fd0ab03963ea124a82a2c889a957511a78b8810e7e371";

const TRACE: [u8; 16] = [0x11; 16];

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1.tape")
}

fn span() -> Vec<u8> {
    let mut span = Vec::new();
    otlp::put_bytes(&mut span, field::span::TRACE_ID, &TRACE);
    otlp::put_bytes(&mut span, field::span::SPAN_ID, &[0x22; 8]);
    otlp::put_bytes(&mut span, field::span::PARENT_SPAN_ID, &[0x33; 8]);
    otlp::put_bytes(&mut span, field::span::NAME, b"load");
    otlp::put_varint_field(&mut span, field::span::KIND, 1);
    otlp::put_fixed64(&mut span, field::span::START, 1_700_000_000_000_000_000);
    otlp::put_fixed64(&mut span, field::span::END, 1_700_000_000_000_000_500);
    otlp::put_attribute(&mut span, field::span::ATTRIBUTE, "rows", Value::I64(42));
    span
}

fn log() -> Vec<u8> {
    let mut log = Vec::new();
    otlp::put_fixed64(&mut log, field::log::TIME, 1_700_000_000_000_000_600);
    otlp::put_varint_field(&mut log, field::log::SEVERITY, 9);
    Value::Str("loaded").put(&mut log, field::log::BODY);
    log
}

#[test]
#[ignore = "writes the golden file; run by hand"]
fn write_the_golden_file() {
    if std::env::var_os("TELENSIC_WRITE_GOLDEN").is_none() {
        return;
    }
    let dir = Dir::new();
    let mut resource = Vec::new();
    let service = Value::Str("golden");
    otlp::put_attribute(&mut resource, field::resource::ATTRIBUTE, "service.name", service);
    let (tape, clerk) = TapeWriter::create(run(dir.path()).resource(resource));
    let mut scope = Vec::new();
    otlp::put_scope(&mut scope, "golden-scope", "0.1");
    let mut spans = tape.lane(Signal::Spans, scope.clone().into(), true, 1);
    let mut logs = tape.lane(Signal::Logs, scope.into(), false, 2);
    spans
        .append(&span(), UnixNanos(1_700_000_000_000_000_500))
        .unwrap();
    logs.append(&log(), UnixNanos(1_700_000_000_000_000_600)).unwrap();
    logs.append(&log(), UnixNanos(1_700_000_000_000_000_700)).unwrap();
    let mut slots = tape.slots();
    let open = OpenSpan {
        trace_id: TraceId::from_bytes(TRACE).unwrap(),
        span_id: SpanId::from_bytes([0x44; 8]).unwrap(),
        parent: SpanId::from_bytes([0x22; 8]),
        start: UnixNanos(1_700_000_000_000_000_550),
        thread: 3,
        name: "in flight",
    };
    slots.open(&open).unwrap();
    let path = tape.path().unwrap().to_owned();
    drop((spans, logs));
    clerk.close(&mut |_| {});
    // Nothing of this machine stays, nor the empty cells.
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.write_all_at(&[0; 64], 168).unwrap();
    file.write_all_at(b"golden-host", 168).unwrap();
    file.write_all_at(&11u32.to_le_bytes(), 160).unwrap();
    file.write_all_at(&4242u32.to_le_bytes(), 40).unwrap();
    file.set_len(65_536 + 65_536 + 192 + 256).unwrap();
    std::fs::create_dir_all(golden().parent().unwrap()).unwrap();
    std::fs::copy(path, golden()).unwrap();
    println!("the hash of {} is {}", golden().display(), hash());
}

fn hash() -> String {
    blake3::hash(&std::fs::read(golden()).unwrap()).to_string()
}

#[test]
fn the_golden_file_has_not_changed() {
    assert_eq!(hash(), HASH);
}

#[test]
fn the_golden_file_says_what_was_written() {
    let tape = open_sound(golden());
    let head = tape.head();
    assert_eq!(head.version(), FormatVersion(1));
    assert_eq!((head.host().as_str(), head.pid()), ("golden-host", 4242));
    assert_eq!(head.resource_text("service.name"), Some("golden"));
    assert_eq!((head.budget(), head.is_closed()), (None, true));
    assert_eq!(Loss::ALL.map(|reason| head.lost(reason)), [0; 5]);

    let chunks: Vec<_> = tape.chunks().collect();
    assert_eq!(chunks.iter().map(|chunk| chunk.id()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        chunks.iter().map(|chunk| chunk.link()).collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
    assert!(chunks.iter().all(|chunk| chunk.state() == ChunkState::Sealed));
    let [spans, logs] = chunks[..] else {
        panic!("two chunks")
    };
    assert_eq!(
        (spans.signal(), spans.thread(), spans.records()),
        (Signal::Spans, 1, 1)
    );
    assert_eq!(
        (logs.signal(), logs.thread(), logs.records()),
        (Signal::Logs, 2, 2)
    );
    assert_eq!((spans.is_exported(), logs.is_exported()), (true, false));
    assert_eq!(logs.first(), UnixNanos(1_700_000_000_000_000_600));
    assert_eq!(logs.last(), UnixNanos(1_700_000_000_000_000_700));

    let body = tape.body(spans).unwrap();
    let scope = body.scope().unwrap();
    assert_eq!((scope.name, scope.version), ("golden-scope", "0.1"));
    assert_eq!(
        body.records()
            .map(|record| record.unwrap().to_vec())
            .collect::<Vec<_>>(),
        [span()]
    );
    let read = body.spans().next().unwrap().unwrap();
    assert_eq!((read.name, read.parent), ("load", SpanId::from_bytes([0x33; 8])));
    assert!(matches!(read.attributes().find("rows"), Some(AnyView::I64(42))));
    let body = tape.body(logs).unwrap();
    let said: Vec<_> = body
        .logs()
        .map(|log| log.unwrap().body.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(said, ["loaded", "loaded"]);

    let open = tape.open_spans().unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].name.as_str(), open[0].thread), ("in flight", 3));
    assert_eq!(open[0].parent, SpanId::from_bytes([0x22; 8]));
}

/// The documented offsets, as numbers and not as the constants that writer and reader share.
#[test]
fn the_golden_file_is_laid_out_as_documented() {
    let bytes = std::fs::read(golden()).unwrap();
    let half = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    assert_eq!(&bytes[..8], b"TLNSTAPE");
    assert_eq!([half(8), half(12), half(16), half(20)], [1, 4096, 64, 65_536]);
    assert_eq!((word(24), word(32)), (65_536, 0));
    assert_eq!((half(40), half(76), half(160)), (4242, 1, 11));
    assert_eq!(&bytes[168..179], b"golden-host");
    assert_eq!(word(232), 2, "chunks sealed");
    assert_eq!(
        &bytes[256..256 + 2],
        [0x0a, half(164) as u8 - 2],
        "the resource's first attribute"
    );

    let slot = 4096;
    assert_eq!((half(slot), half(slot + 4)), (1, 9));
    assert_eq!(word(slot + 8), 1_700_000_000_000_000_550);
    assert_eq!(
        &bytes[slot + 16..slot + 48],
        [[0x11; 16], [0x44; 16]]
            .concat()
            .split_at(24)
            .0
            .iter()
            .copied()
            .chain([0x22; 8])
            .collect::<Vec<_>>()
    );
    assert_eq!(half(slot + 48), 3);
    assert_eq!(&bytes[slot + 56..slot + 65], b"in flight");

    let (first, second) = (65_536, 65_536 + 65_536);
    for (chunk, id) in [(first, 1), (second, 2)] {
        assert_eq!(&bytes[chunk..chunk + 4], b"TCHK");
        assert_eq!((half(chunk + 4), word(chunk + 8)), (3, id));
        assert_eq!(half(chunk + 72), 1, "cells");
        assert_eq!(
            word(chunk + 16),
            word(chunk + 96),
            "all that is committed is sealed"
        );
        assert_eq!((word(chunk + 88), bytes[chunk + 65]), (id, id as u8 - 1));
        assert_eq!(word(chunk + 32), word(chunk + 168), "the latest record");
        assert_eq!(bytes[chunk + 192], 0x0a, "the body begins with the scope");
        // The hash, by the documented rule.
        let sealed = chunk + 192 + word(chunk + 96) as usize;
        let mut hashed = bytes[chunk..sealed].to_vec();
        hashed[..8].fill(0);
        hashed[16..64].fill(0);
        hashed[136..168].fill(0);
        hashed.resize(hashed.len().next_multiple_of(16 * 1024), 0);
        assert_eq!(&bytes[chunk + 136..chunk + 168], blake3::hash(&hashed).as_bytes());
    }
    assert_eq!(
        &bytes[first + 104..first + 136],
        blake3::hash(&bytes[80..96]).as_bytes()
    );
    assert_eq!(
        &bytes[second + 104..second + 136],
        &bytes[first + 136..first + 168]
    );
    assert_eq!((bytes[first + 64], bytes[second + 64]), (1, 2));
    assert_eq!(format::BODY, 65_344);
}
