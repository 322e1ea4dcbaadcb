use std::os::unix::fs::FileExt;
use std::path::Path;

use telensic_tape::format::{CHUNK_HEADER, chunk};

use crate::support::{Dir, Scribe, json, let_record, run, tape, tape_in, telensic};

/// Where the sealed chunks begin, in the order of the file.
fn sealed_chunks(path: &Path) -> Vec<u64> {
    let bytes = std::fs::read(path).unwrap();
    let is_chunk = |at: &usize| bytes[*at..].starts_with(b"TCHK") && bytes[at + chunk::LINK] > 0;
    let found = (0..bytes.len() - CHUNK_HEADER).step_by(4096).filter(is_chunk);
    found.map(|at| at as u64).collect()
}

fn cut_off(path: &Path, len: u64) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_len(len).unwrap();
}

fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.write_all_at(bytes, at).unwrap();
}

#[test]
fn a_byte_that_was_altered_is_found_by_check_and_the_chunk_is_named() {
    let dir = Dir::new();
    let_record(Scribe::Pipeline, &dir);
    let path = tape_in(&dir);
    let at = sealed_chunks(&path)[0] + CHUNK_HEADER as u64 + 100;
    overwrite(&path, at, b"#");

    tape(&path, &[]).well();
    let ran = tape(&path, &["--check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("chunk 1 was altered"), "{}", ran.stdout);
    let ran = tape(&path, &["--check", "--json"]);
    assert_eq!(ran.code, 1);
    let damage = &json(&ran.stdout)["tapes"][0]["damage"];
    assert!(
        damage[0].as_str().unwrap().contains("chunk 1 was altered"),
        "{damage}"
    );
}

#[test]
fn a_tape_that_was_cut_off_is_damaged_in_every_view_and_what_is_left_is_shown() {
    let dir = Dir::new();
    let_record(Scribe::Much, &dir);
    let path = tape_in(&dir);
    let whole = tape(&path, &["--records"]).well().lines().count();
    let chunks = sealed_chunks(&path);
    cut_off(&path, chunks[chunks.len() / 2] + 10_000);

    let ran = tape(&path, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains(" is truncated: the last "), "{}", ran.stdout);

    let ran = tape(&path, &["--records"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains(" is truncated: the last "), "{}", ran.stderr);
    let left = ran.stdout.lines().count();
    assert!(left > 0 && left < whole, "{left} of {whole}");

    assert_eq!(tape(&path, &["--open"]).code, 1);
}

#[test]
fn a_tape_that_was_cut_off_between_two_chunks_is_found_by_check() {
    let dir = Dir::new();
    let_record(Scribe::Much, &dir);
    let path = tape_in(&dir);
    let chunks = sealed_chunks(&path);
    cut_off(&path, chunks[chunks.len() / 2]);
    let ran = tape(&path, &["--check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("sealed chunk"), "{}", ran.stdout);
    assert!(ran.stdout.contains(" missing"), "{}", ran.stdout);
}

#[test]
fn of_several_files_the_worst_counts_and_the_others_are_shown() {
    let (dir, sound) = (Dir::new(), Dir::new());
    let_record(Scribe::Pipeline, &dir);
    let_record(Scribe::Pipeline, &sound);
    let (damaged, sound) = (tape_in(&dir), tape_in(&sound));
    overwrite(
        &damaged,
        sealed_chunks(&damaged)[0] + chunk::CELLS as u64,
        &[0xff],
    );

    let ran = run(telensic(&["tape"]).args([&damaged, &sound]));
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("has an impossible header"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("damage    none in the layout"),
        "{}",
        ran.stdout
    );

    let ran = run(telensic(&["tape", "missing.tape", "--json"]).args([&damaged, &sound]));
    assert_eq!(ran.code, 2);
    let document = json(&ran.stdout);
    assert_eq!(document["tapes"].as_array().unwrap().len(), 3);
    assert_eq!(document["tapes"][0]["path"], "missing.tape");
    assert!(
        document["tapes"][0]["error"]
            .as_str()
            .unwrap()
            .starts_with("cannot read missing.tape")
    );
}
