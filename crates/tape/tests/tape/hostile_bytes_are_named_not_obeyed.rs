use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use proptest::prelude::*;
use telensic_tape::{Damage, Signal, Tape, TapeErrorKind, TapeWriter};

use crate::support::{Dir, append, open_sound, read_everything, run, scope};

const GRID: usize = 65_536;
const CELL: usize = 65_536;
const HEADER: usize = 192;

/// A closed tape of three small chunks and a large one, cut behind its last byte.
fn small_tape(dir: &Dir) -> (PathBuf, Vec<u8>) {
    let (tape, clerk) = TapeWriter::create(run(dir.path()));
    let mut lanes = ["one", "two", "three"].map(|name| tape.lane(Signal::Logs, scope(name), true, 0));
    for number in 0..6 {
        append(&mut lanes[number as usize % 3], Signal::Logs, 0, number, 20).unwrap();
    }
    append(&mut lanes[0], Signal::Logs, 0, 6, 66_000).unwrap();
    let path = tape.path().unwrap().to_owned();
    drop(lanes);
    clerk.close(&mut |_| {});
    assert_eq!(open_sound(&path).chunks().len(), 4);
    let bytes = std::fs::read(&path).unwrap();
    (path, bytes)
}

/// The bytes of the tape that mean something: header, table, chunks as far as they are filled.
fn filled(bytes: &[u8]) -> Vec<(usize, usize)> {
    let cells = (bytes.len() - GRID).div_ceil(CELL);
    (0..cells)
        .map(|cell| GRID + cell * CELL)
        .filter(|at| bytes[*at..*at + 4] == *b"TCHK" && bytes[*at + 4] == 3)
        .map(|at| {
            (
                at,
                u64::from_le_bytes(bytes[at + 16..at + 24].try_into().unwrap()) as usize,
            )
        })
        .collect()
}

#[test]
fn every_changed_byte_of_a_sealed_chunk_is_named() {
    let dir = Dir::new();
    let (path, bytes) = small_tape(&dir);
    let file = File::options().write(true).open(&path).unwrap();
    let chunks = filled(&bytes);
    assert_eq!(chunks.len(), 4);
    for (chunk, body) in chunks {
        // All but `TAKEN` and the unused bytes behind it, which a reader does not look at.
        let header = (0..40).chain(64..HEADER);
        let step = if body > CELL { 251 } else { 1 };
        for offset in header.chain((HEADER..HEADER + body).step_by(step)) {
            for change in [0x01, 0x02, 0x80, 0xff] {
                let at = chunk + offset;
                file.write_all_at(&[bytes[at] ^ change], at as u64).unwrap();
                let damage = Tape::open(&path).unwrap().check();
                assert_ne!(damage, [], "byte {offset} of a chunk changed by {change:#x}");
                file.write_all_at(&[bytes[at]], at as u64).unwrap();
            }
        }
    }
    open_sound(&path);
}

#[test]
fn a_chunk_that_is_taken_out_or_put_elsewhere_is_named() {
    let dir = Dir::new();
    let (path, bytes) = small_tape(&dir);
    let chunks = filled(&bytes);
    for (chunk, _) in &chunks {
        let mut altered = bytes.clone();
        altered[*chunk..*chunk + HEADER].fill(0);
        std::fs::write(&path, &altered).unwrap();
        let damage = Tape::open(&path).unwrap().check();
        let is_named =
            |damage: &Damage| matches!(damage, Damage::LinksMissing { .. } | Damage::ForeignBytes { .. });
        assert!(damage.iter().any(is_named), "{damage:?}");
    }
    // One chunk's seal on another's body.
    let mut altered = bytes.clone();
    let body = bytes[chunks[0].0 + HEADER..chunks[0].0 + HEADER + chunks[0].1].to_vec();
    altered[chunks[1].0 + HEADER..][..body.len()].copy_from_slice(&body);
    std::fs::write(&path, &altered).unwrap();
    assert!(!Tape::open(&path).unwrap().check().is_empty());
}

#[test]
fn a_tape_cut_anywhere_is_read_as_far_as_it_goes() {
    let dir = Dir::new();
    let (path, bytes) = small_tape(&dir);
    let file = File::options().write(true).open(&path).unwrap();
    let is_filled = |len: usize| {
        filled(&bytes)
            .iter()
            .any(|(at, body)| (*at..at + HEADER + (*body).min(500)).contains(&len))
    };
    let mut records = usize::MAX;
    for len in (0..bytes.len())
        .rev()
        .filter(|len| len % 503 == 0 || is_filled(*len))
    {
        file.set_len(len as u64).unwrap();
        let damage = read_everything(&path);
        match Tape::open(&path) {
            Ok(tape) => {
                let there = tape
                    .chunks()
                    .map(|chunk| tape.body(chunk).unwrap().logs().flatten().count())
                    .sum::<usize>();
                assert!(there <= records);
                assert!(
                    there == 7 || damage.is_some_and(|damage| !damage.is_empty()),
                    "{len} bytes"
                );
                records = there;
            }
            Err(error) => {
                assert!(len < 4096);
                assert!(matches!(error.kind(), TapeErrorKind::NotATape));
            }
        }
    }
    assert_eq!(records, 0);
}

#[test]
fn extremes_in_every_field_of_the_header_are_refused_or_read() {
    let dir = Dir::new();
    let (path, bytes) = small_tape(&dir);
    for at in (0..256).step_by(4) {
        for value in [
            0,
            1,
            2,
            3,
            63,
            64,
            65,
            4095,
            4096,
            4097,
            1 << 20,
            1 << 21,
            1 << 31,
            u32::MAX,
        ] {
            let mut altered = bytes.clone();
            altered[at..at + 4].copy_from_slice(&value.to_le_bytes());
            std::fs::write(&path, &altered).unwrap();
            read_everything(&path);
            if at % 8 == 0 {
                altered[at..at + 8].copy_from_slice(&(u64::from(value) << 32 | 0xffff_ffff).to_le_bytes());
                std::fs::write(&path, &altered).unwrap();
                read_everything(&path);
            }
        }
    }
}

#[test]
fn extremes_in_every_field_of_a_chunk_hide_no_other_chunk() {
    let dir = Dir::new();
    let (path, bytes) = small_tape(&dir);
    let file = File::options().write(true).open(&path).unwrap();
    let (first, _) = filled(&bytes)[0];
    for at in (first..first + HEADER).step_by(4) {
        for value in [0, 1, 2, 3, 4, 255, 65_344, 65_345, 65_536, 1 << 31, u32::MAX] {
            file.write_all_at(&u32::to_le_bytes(value), at as u64).unwrap();
            let damage = read_everything(&path);
            assert!(damage.is_some());
            let others = Tape::open(&path)
                .unwrap()
                .chunks()
                .filter(|chunk| chunk.id() > 1)
                .count();
            assert!(others >= 2, "{others} chunks after {value} at {}", at - first);
            file.write_all_at(&bytes[at..at + 4], at as u64).unwrap();
        }
    }
}

#[test]
fn a_newer_format_is_refused_by_its_number() {
    let dir = Dir::new();
    let (path, mut bytes) = small_tape(&dir);
    bytes[8] = 2;
    std::fs::write(&path, &bytes).unwrap();
    let error = Tape::open(&path).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("has tape format 2, this build reads up to 1: use a newer telensic")
    );
}

#[test]
fn a_chunk_of_nothing_but_bad_records_is_named_briefly() {
    let dir = Dir::new();
    let (path, mut bytes) = small_tape(&dir);
    let (chunk, _) = filled(&bytes)[0];
    // Field 2 as a number, 30,000 times.
    bytes[chunk + 16..chunk + 24].copy_from_slice(&60_000u64.to_le_bytes());
    bytes[chunk + HEADER..chunk + HEADER + 60_000].copy_from_slice(&[0x10, 0].repeat(30_000));
    std::fs::write(&path, &bytes).unwrap();
    let damage = Tape::open(&path).unwrap().check();
    assert!(damage.len() < 100, "{} findings", damage.len());
}

#[test]
fn a_length_that_the_file_does_not_have_is_not_allocated() {
    let dir = Dir::new();
    let (path, mut bytes) = small_tape(&dir);
    // A chunk of 4 GiB, consistently so, and the largest table there can be.
    let (chunk, _) = filled(&bytes)[3];
    bytes[chunk + 16..chunk + 24].copy_from_slice(&((65_536u64 << 16) - 192).to_le_bytes());
    bytes[chunk + 72..chunk + 76].copy_from_slice(&65_536u32.to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    let tape = Tape::open(&path).unwrap();
    let len: u64 = tape.chunks().map(telensic_tape::Chunk::body_len).sum();
    assert!(len < bytes.len() as u64);
    read_everything(&path);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_make_the_reader_panic(
        magic in any::<bool>(),
        mut bytes in proptest::collection::vec(any::<u8>(), 0..20_000),
    ) {
        let dir = Dir::new();
        let path = dir.path().join("any.tape");
        if magic && bytes.len() > 64 {
            bytes[..8].copy_from_slice(b"TLNSTAPE");
            bytes[8..32].copy_from_slice(
                &[1u32, 4096, 0, 65_536, 4096, 0].map(u32::to_le_bytes).concat(),
            );
        }
        std::fs::write(&path, &bytes).unwrap();
        read_everything(&path);
    }

    #[test]
    fn a_real_tape_with_changes_and_splices_never_makes_the_reader_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        near in proptest::collection::vec((0usize..4, 0usize..400, any::<u8>()), 0..20),
        splice in (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0usize..2 * CELL),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let dir = Dir::new();
        let (path, mut bytes) = small_tape(&dir);
        let chunks = filled(&bytes);
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        for (chunk, offset, value) in near {
            bytes[chunks[chunk].0 + offset] = value;
        }
        let (from, to, len) = (splice.0.index(bytes.len()), splice.1.index(bytes.len()), splice.2);
        let len = len.min(bytes.len() - from).min(bytes.len() - to);
        bytes.copy_within(from..from + len, to);
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        std::fs::write(&path, &bytes).unwrap();
        read_everything(&path);
    }
}
