use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

use telensic_run::RunDir;
use telensic_tape::format::{CELL, CHUNK_HEADER, HEADER, SLOT};

use crate::support::{Office, assert_names, files, grid};

/// In what a change of this file must be named.
fn name_of(path: &Path, run: &RunDir) -> String {
    match path.strip_prefix(run.path()) {
        Ok(name) => name.to_str().unwrap().to_owned(),
        Err(_) => "LEDGER.jsonl".to_owned(),
    }
}

/// How many positions of a file are tried.
#[derive(Clone, Copy)]
enum Pass {
    /// Some of each region.
    Sampled,
    /// Every one up to the end of the tape's chunks; some of the cells behind, which are not in use.
    Exhaustive,
}

/// Header, open-span table and the two cells in use.
const IN_USE: usize = 3 * CELL;

fn positions(len: usize, pass: Pass) -> impl DoubleEndedIterator<Item = usize> {
    let stride = match (pass, len) {
        (Pass::Exhaustive, _) => 1,
        (Pass::Sampled, 0..2_000) => 29,
        (Pass::Sampled, 2_000..20_000) => 97,
        // Prime, so that the places within blocks, cells and slots vary.
        (Pass::Sampled, _) => 3_001,
    };
    (0..len).filter(move |at| {
        // The first and last bytes always: there a change is most easily overlooked.
        let is_edge = *at < 4 || *at + 4 >= len;
        is_edge || at % if *at < IN_USE { stride } else { 3_001 } == 0
    })
}

fn flip_bytes(pass: Pass) -> usize {
    let office = Office::open();
    let run = office.sealed(1);
    assert_eq!(office.findings(&run), Vec::<String>::new(), "untouched");
    let mut changes = 0;
    for path in files(&office.root.runs()) {
        let good = fs::read(&path).unwrap();
        let name = name_of(&path, &run);
        let file = File::options().write(true).open(&path).unwrap();
        for at in positions(good.len(), pass) {
            file.write_all_at(&[good[at] ^ 1 << (at % 8)], at as u64).unwrap();
            let findings = office.findings(&run);
            assert!(
                findings.iter().any(|finding| finding.contains(&name)),
                "byte {at} of {name} was changed: {findings:?}"
            );
            file.write_all_at(&good[at..=at], at as u64).unwrap();
            changes += 1;
        }
    }
    assert_eq!(office.findings(&run), Vec::<String>::new(), "restored");
    changes
}

fn cut(pass: Pass) -> usize {
    let office = Office::open();
    let run = office.sealed(1);
    let mut changes = 0;
    for path in files(&office.root.runs()) {
        let good = fs::read(&path).unwrap();
        let name = name_of(&path, &run);
        let file = File::options().write(true).open(&path).unwrap();
        for len in positions(good.len(), pass).rev() {
            file.set_len(len as u64).unwrap();
            let findings = office.findings(&run);
            assert!(
                findings.iter().any(|finding| finding.contains(&name)),
                "{name} was cut to {len} bytes: {findings:?}"
            );
            changes += 1;
        }
        fs::write(&path, &good).unwrap();
    }
    assert_eq!(office.findings(&run), Vec::<String>::new(), "restored");
    changes
}

#[test]
fn a_byte_changed_anywhere_is_named_with_its_file() {
    assert!(flip_bytes(Pass::Sampled) > 150);
}

#[test]
fn a_file_cut_anywhere_is_named() {
    assert!(cut(Pass::Sampled) > 150);
}

#[test]
#[ignore = "every byte and every length: minutes, in release"]
fn every_byte_and_every_length_is_named() {
    let (flipped, lengths) = (flip_bytes(Pass::Exhaustive), cut(Pass::Exhaustive));
    println!("{flipped} bytes changed, {lengths} lengths cut: each was named");
}

#[test]
fn the_place_is_named_as_narrowly_as_the_seal_can() {
    let office = Office::open();
    let run = office.sealed(1);
    let tape = run.list_tapes().unwrap().remove(0);
    let good = fs::read(&tape).unwrap();
    let (table, grid) = (HEADER, grid(&good));
    let body = grid + CHUNK_HEADER;
    for (at, words) in [
        (100, "the tape's header"),
        (table + 5 * SLOT, "the open-span table, slots 0 to 7"),
        (grid - 5_000, "the unused bytes behind the open-span table"),
        (grid + 16, "the header or record 0 of chunk 1"),
        (body + 20_000, "records 17 to 18 of chunk 1"),
        (grid + CELL - 536, "the unused bytes behind chunk 1"),
        (grid + CELL + CHUNK_HEADER + 30_000, " of chunk 2"),
    ] {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        fs::write(&tape, &bytes).unwrap();
        let findings = office.findings(&run);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_names(&findings, &["tape/", "was altered in", words]);
    }
    fs::write(&tape, &good).unwrap();

    let events = fs::read_to_string(run.events()).unwrap();
    fs::write(run.events(), events.replace("\"bar\":7}", "\"bar\":8}")).unwrap();
    assert_names(
        &office.findings(&run),
        &["events.jsonl was altered in lines 1 to "],
    );
}

#[test]
fn a_seal_that_means_the_same_but_is_written_otherwise_is_named_without_a_ledger() {
    let office = Office::open();
    let run = office.sealed(1);
    let good = fs::read_to_string(run.seal()).unwrap();
    for rewritten in [
        good.replace("\n\"entries\"", "\n \"entries\""),
        good.replace("\"sequence\":1", "\"sequence\":01"),
        format!("{good}\n"),
        good.replacen("run.json", "run\\u002ejson", 1),
        good.replace("\"sequence\":1", "\"sequence\":1,\"sequence\":1"),
        good.replace("\"format_version\":1", "\"format_version\":1,\"extra\":null"),
    ] {
        assert_ne!(rewritten, good);
        fs::write(run.seal(), rewritten).unwrap();
        assert_names(&crate::support::findings_alone(&run), &["seal.json was altered"]);
    }
}
