//! The verifier within the page, in a real browser.

use std::fs;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::browser::documents;
use crate::runs::{self, Recorded};

/// What each page says of itself at its end.
fn verdicts(pages: &[PathBuf]) -> Option<Vec<String>> {
    let pages: Vec<_> = pages.iter().map(|page| (page.as_path(), "#verify&now")).collect();
    let verdict = |document: String| {
        let (_, from) = document.split_once("data-verdict=\"").expect("a verdict");
        from.split_once('"').expect("its end").0.to_owned()
    };
    Some(documents(&pages)?.into_iter().map(verdict).collect())
}

/// The pack with the first piece of a file unpacked, changed, and packed again; a file of this name.
fn altered(run: &Recorded, name: &str, file: &str, change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let page = fs::read_to_string(run.home.path().join("pack.html")).expect("a pack");
    let (_, index) = page.split_once("id=\"pack-index\">\n").expect("an index");
    let index: serde_json::Value =
        serde_json::from_str(index.lines().next().expect("a line")).expect("an index");
    let number = index["files"]
        .as_array()
        .expect("files")
        .iter()
        .position(|listed| {
            let path = listed["path"].as_str().expect("a path");
            path == file || path.starts_with(file)
        });
    let mark = format!("id=\"pack-{}\">\n", number.expect("the file"));
    let at = page.find(&mark).expect("its block") + mark.len();
    let line = page[at..].lines().next().expect("a piece");
    let packed = STANDARD.decode(line).expect("base64");
    let mut piece = Vec::new();
    std::io::copy(&mut flate2::read::DeflateDecoder::new(&packed[..]), &mut piece).expect("a piece");
    change(&mut piece);
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, &piece).expect("packed");
    let packed = STANDARD.encode(encoder.finish().expect("packed"));
    let changed = format!("{}{packed}{}", &page[..at], &page[at + line.len()..]);
    let file = run.home.path().join(name);
    fs::write(&file, changed).expect("written");
    file
}

#[test]
fn an_untouched_pack_is_unaltered_and_one_bit_in_any_file_names_that_file() {
    let run = runs::ordinary();
    fs::write(run.run.events(), "{\"a\":1}\n").unwrap();
    run.seal();
    let flip = |at: usize| move |piece: &mut Vec<u8>| piece[at] ^= 1;
    let pages = [
        run.pack(),
        altered(&run, "flipped.html", "events.jsonl", flip(5)),
        altered(&run, "longer.html", "events.jsonl", |piece| piece.push(b'\n')),
        altered(&run, "tape.html", "tape/", flip(70_000)),
    ];
    let Some(verdicts) = verdicts(&pages) else { return };
    assert_eq!(
        verdicts[..3],
        ["Unaltered", "Altered: events.jsonl", "Altered: events.jsonl"]
    );
    let tape = &verdicts[3];
    assert!(
        tape.starts_with("Altered: tape/") && tape.ends_with(".tape"),
        "{tape}"
    );
}

#[test]
fn a_seal_that_was_rewritten_to_fit_is_no_longer_signed() {
    let run = runs::ordinary();
    run.seal();
    run.pack();
    let retell = |from: &'static str, to: &'static str| {
        move |piece: &mut Vec<u8>| {
            let text = String::from_utf8(piece.clone()).expect("text");
            assert!(text.contains(from));
            *piece = text.replacen(from, to, 1).into_bytes();
        }
    };
    let pages = [
        altered(
            &run,
            "statement.html",
            "seal.json",
            retell("\"succeeded\"", "\"succeedec\""),
        ),
        altered(
            &run,
            "entry.html",
            "seal.json",
            retell("\"kind\":\"file\"", "\"kind\":\"filf\""),
        ),
    ];
    let Some(verdicts) = verdicts(&pages) else { return };
    assert_eq!(verdicts, ["Altered: Signature", "Altered: Merkle root"]);
}
