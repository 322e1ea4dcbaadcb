use std::fs;

use telensic_run::{Digest, RunErrorKind, RunStatus, SealState, seal};
use telensic_tape::format::CHUNK_HEADER;

use crate::support::{Office, begun, findings_alone, finish, grid, write_tape};

#[test]
fn counts_chain_heads_and_root_can_be_had_from_the_seal_alone() {
    let office = Office::open();
    let run = office.finished(1);
    let seal = office.seal(&run).unwrap();
    assert_eq!(seal.to_bytes(), fs::read(run.seal()).unwrap());
    assert!(seal.is_signed());
    let statement = &seal.statement;
    assert_eq!(statement.status, RunStatus::Succeeded);
    assert_eq!(statement.merkle_root, seal.merkle_root());
    assert_eq!(
        (statement.sequence, statement.previous),
        (Some(1), Some(Digest::ZERO))
    );
    assert_eq!(statement.totals.records.total(), 80);
    assert_eq!(statement.totals.lost.total(), 0);
    assert_eq!(statement.root_span_id.as_deref(), Some("00f067aa0ba902b7"));
    let tape = seal.entries.iter().find_map(|entry| entry.tape()).unwrap();
    assert!(tape.closed && tape.damage.is_empty());
    assert_eq!((tape.records.spans, tape.records.logs), (40, 40));
    let last = tape.chunks.iter().max_by_key(|chunk| chunk.link).unwrap();
    assert_eq!((tape.links, tape.chain), (last.link, last.hash));
    for entry in &seal.entries {
        let bytes = fs::read(run.path().join(entry.path())).unwrap();
        assert_eq!(
            entry.content().unwrap().blake3,
            Digest::of(&bytes),
            "{}",
            entry.path()
        );
    }
}

#[test]
fn each_entry_is_a_line_that_other_programs_can_hash() {
    let office = Office::open();
    let run = office.sealed(1);
    let text = fs::read_to_string(run.seal()).unwrap();
    let (_, rest) = text.split_once("\"entries\":[\n").unwrap();
    let (entries, _) = rest.split_once("\n],\n").unwrap();
    // RFC 6962's tree, level by level this time: a node without a sibling goes up as it is.
    let mut level: Vec<blake3::Hash> = entries
        .lines()
        .map(|line| blake3::hash(format!("\0{}", line.strip_suffix(',').unwrap_or(line)).as_bytes()))
        .collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => {
                    let mut node = vec![1];
                    node.extend(left.as_bytes());
                    node.extend(right.as_bytes());
                    blake3::hash(&node)
                }
                _ => pair[0],
            })
            .collect();
    }
    assert!(text.contains(&format!("\"merkle_root\":\"{}\"", level[0].to_hex())));
}

#[test]
fn a_run_is_sealed_once_and_only_when_it_is_finished() {
    let office = Office::open();
    let run = begun(&office.root, 1);
    write_tape(&run, 3);
    let error = office.seal(&run).unwrap_err();
    assert_eq!(error.kind(), RunErrorKind::Invalid);
    assert!(error.to_string().contains("still going on"), "{error}");
    finish(&run);
    office.seal(&run).unwrap();
    let sealed = fs::read(run.seal()).unwrap();
    let error = office.seal(&run).unwrap_err();
    assert!(error.to_string().contains("sealed already"), "{error}");
    assert_eq!(fs::read(run.seal()).unwrap(), sealed);

    // Nor again after its seal was taken away.
    fs::remove_file(run.seal()).unwrap();
    let error = office.seal(&run).unwrap_err();
    assert!(error.to_string().contains("sealed before"), "{error}");
    assert!(!run.seal().exists());
}

#[test]
fn a_run_can_be_sealed_without_a_ledger() {
    let office = Office::open();
    let run = office.finished(1);
    let seal = seal(&run, None, &office.key).unwrap();
    assert_eq!(seal.statement.sequence, None);
    assert_eq!(findings_alone(&run), Vec::<String>::new());
}

#[test]
fn damage_done_before_sealing_is_sealed_and_said() {
    let office = Office::open();
    let run = office.finished(1);
    let tape = run.list_tapes().unwrap().remove(0);
    let mut bytes = fs::read(&tape).unwrap();
    let body = grid(&bytes) + CHUNK_HEADER;
    bytes[body + 5_000] ^= 1;
    fs::write(&tape, bytes).unwrap();
    fs::write(run.tapes().join("junk.tape"), "not a tape").unwrap();
    office.seal(&run).unwrap();
    let verification = office.verify(&run).unwrap();
    assert_eq!(verification.state, SealState::Sealed);
    let words = crate::support::in_words(&verification);
    crate::support::assert_names(&words, &["damaged before it was sealed: chunk 1 was altered"]);
    crate::support::assert_names(&words, &["tape/junk.tape", "could not be read as a tape"]);
    assert_eq!(words.len(), 2, "{words:?}");
}

#[test]
fn a_seal_of_a_newer_format_is_refused_by_name() {
    let office = Office::open();
    let run = office.sealed(1);
    fs::write(
        run.seal(),
        r#"{"statement":{"format_version":2},"shape":"unknown"}"#,
    )
    .unwrap();
    let error = office.verify(&run).unwrap_err();
    assert_eq!(error.kind(), RunErrorKind::NewerFormat);
    assert!(error.to_string().contains("seal format 2"), "{error}");
}
