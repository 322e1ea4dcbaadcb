use std::fs;
use std::os::unix::fs::symlink;

use telensic_run::{Finding, RunDir, VerifyOptions, verify};
use telensic_tape::format::CELL;

use crate::support::{Office, Pen, assert_names, copy, findings_alone, grid};

#[test]
fn an_untouched_run_passes_and_so_does_its_copy_elsewhere() {
    let office = Office::open();
    let run = office.sealed(1);
    let verification = office.verify(&run).unwrap();
    assert_eq!(verification.findings, []);
    assert_eq!((verification.records, verification.lost), (80, 0));
    assert_eq!(verification.sequence, Some(1));

    let elsewhere = office.path().join("another machine/evidence");
    copy(run.path(), &elsewhere);
    let copied = RunDir::open(&elsewhere).unwrap();
    assert_eq!(findings_alone(&copied), Vec::<String>::new());
    assert_eq!(
        office.findings(&copied),
        Vec::<String>::new(),
        "against the ledger it came from"
    );
}

#[test]
fn chunks_left_out_put_in_or_moved_are_named() {
    let office = Office::open();
    let run = office.finished(1);
    fs::remove_file(run.list_tapes().unwrap().remove(0)).unwrap();
    let mut pen = Pen::new(&run);
    for number in 0..160 {
        pen.write(number, 1000);
        pen.clerk.round(&mut |_| {});
    }
    let path = pen.close();
    let seal = office.seal(&run).unwrap();
    let tape = seal.entries.iter().find_map(|entry| entry.tape()).unwrap();
    let chunks: Vec<(usize, u64)> = tape
        .chunks
        .iter()
        .map(|chunk| (chunk.cell as usize, chunk.number))
        .collect();
    assert!(chunks.len() >= 4, "{chunks:?}");
    let good = fs::read(&path).unwrap();
    let grid = grid(&good);
    let cell = |number: usize| grid + number * CELL..grid + (number + 1) * CELL;

    for (at, number) in &chunks {
        let mut left_out = good.clone();
        left_out.drain(cell(*at));
        fs::write(&path, left_out).unwrap();
        assert_names(
            &office.findings(&run),
            &["tape/", &format!("lacks chunk {number}")],
        );

        let mut wiped = good.clone();
        wiped[cell(*at)].fill(0);
        fs::write(&path, wiped).unwrap();
        assert_names(
            &office.findings(&run),
            &["tape/", &format!("lacks chunk {number}")],
        );
    }
    for (first, second) in chunks.iter().zip(&chunks[1..]) {
        let mut swapped = good.clone();
        swapped[cell(first.0)].copy_from_slice(&good[cell(second.0)]);
        swapped[cell(second.0)].copy_from_slice(&good[cell(first.0)]);
        fs::write(&path, swapped).unwrap();
        let words = format!("chunk {} is where chunk {} was", second.1, first.1);
        assert_names(&office.findings(&run), &["tape/", "reordered", &words]);
    }
    let mut doubled = good.clone();
    let mut forged = good[cell(chunks[0].0)].to_vec();
    forged[8] = 99;
    doubled.extend(forged);
    fs::write(&path, doubled).unwrap();
    assert_names(&office.findings(&run), &["has a chunk 99 that was added"]);
}

#[test]
fn files_swapped_between_runs_are_named() {
    let office = Office::open();
    let (one, other) = (office.sealed(1), office.sealed(2));
    let swap = |a: &std::path::Path, b: &std::path::Path| {
        let (of_a, of_b) = (fs::read(a).unwrap(), fs::read(b).unwrap());
        fs::write(a, of_b).unwrap();
        fs::write(b, of_a).unwrap();
    };
    let tapes = [&one, &other].map(|run| run.list_tapes().unwrap().remove(0));
    swap(&tapes[0], &tapes[1]);
    for run in [&one, &other] {
        assert_names(&office.findings(run), &["tape/", "was swapped: it is tape"]);
    }
    swap(&tapes[0], &tapes[1]);

    swap(&one.events(), &other.events());
    for run in [&one, &other] {
        assert_names(&office.findings(run), &["events.jsonl was altered"]);
    }
    swap(&one.events(), &other.events());

    swap(&one.seal(), &other.seal());
    assert_names(
        &office.findings(&one),
        &["seal.json is the seal of another run", other.id().as_str()],
    );
    assert_names(&office.findings(&one), &["LEDGER.jsonl line 1 has another hash"]);
    swap(&one.seal(), &other.seal());

    swap(&one.manifest_path(), &other.manifest_path());
    assert_names(&office.findings(&one), &["run.json was altered"]);
    swap(&one.manifest_path(), &other.manifest_path());

    // The whole directories: each is sound by itself, but under the other's name.
    let aside = office.path().join("aside");
    fs::rename(one.path(), &aside).unwrap();
    fs::rename(other.path(), one.path()).unwrap();
    fs::rename(&aside, other.path()).unwrap();
    assert_names(&office.findings(&one), &["seal.json is the seal of another run"]);
}

#[test]
fn files_added_removed_renamed_or_swapped_within_a_run_are_named() {
    let office = Office::open();
    let run = office.sealed(1);
    let added = run.logs().join("added.jsonl");
    fs::write(&added, "").unwrap();
    assert_names(&office.findings(&run), &["logs/added.jsonl was added"]);
    fs::remove_file(&added).unwrap();

    fs::rename(run.metrics(), &added).unwrap();
    let findings = office.findings(&run);
    assert_names(&findings, &["metrics.prom is missing"]);
    assert_names(&findings, &["logs/added.jsonl was added"]);
    fs::rename(&added, run.metrics()).unwrap();

    fs::copy(run.events(), run.metrics()).unwrap();
    assert_names(
        &office.findings(&run),
        &["metrics.prom was swapped: it holds what events.jsonl held"],
    );
    fs::remove_file(run.metrics()).unwrap();
    symlink("events.jsonl", run.metrics()).unwrap();
    assert_names(
        &office.findings(&run),
        &["metrics.prom was a file and is a link to events.jsonl"],
    );
}

#[test]
fn a_file_removed_whichever_it_is_is_named() {
    let office = Office::open();
    let run = office.sealed(1);
    for path in crate::support::files(run.path()) {
        let good = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let name = path
            .strip_prefix(run.path())
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        assert_names(&office.findings(&run), &[&name, "missing"]);
        assert_names(&findings_alone(&run), &[&name, "missing"]);
        fs::write(&path, good).unwrap();
    }
    assert_eq!(office.findings(&run), Vec::<String>::new());
}

#[test]
fn an_extended_file_is_named_and_links_and_strange_names_are_sealed() {
    let office = Office::open();
    let run = office.finished(1);
    symlink("../data", run.logs().join("link")).unwrap();
    let strange = {
        use std::os::unix::ffi::OsStrExt;
        run.logs().join(std::ffi::OsStr::from_bytes(b"100%\xff\n\".log"))
    };
    fs::write(&strange, "odd").unwrap();
    office.seal(&run).unwrap();
    assert_eq!(office.findings(&run), Vec::<String>::new());

    let mut longer = fs::read(run.events()).unwrap();
    longer.extend(b"{}\n");
    fs::write(run.events(), longer).unwrap();
    fs::remove_file(run.logs().join("link")).unwrap();
    symlink("../tape", run.logs().join("link")).unwrap();
    fs::write(&strange, "off").unwrap();
    let findings = office.findings(&run);
    assert_names(&findings, &["events.jsonl was extended"]);
    assert_names(
        &findings,
        &["logs/link was a link to ../data and is a link to ../tape"],
    );
    assert_names(&findings, &[r#"logs/100%25%FF\n".log was altered in line 1"#]);
    assert_eq!(findings.len(), 3, "{findings:?}");
}

#[test]
fn a_seal_made_anew_with_another_key_is_named_once_the_key_is_given() {
    let office = Office::open();
    let run = office.finished(1);
    let forger = telensic_run::SigningKey::load_or_create_at(&office.path().join("forger.key")).unwrap();
    telensic_run::seal(&run, Some(&office.root), &forger).unwrap();
    let with = |public_key| {
        let options = VerifyOptions {
            public_key,
            ledger: Some(&office.root),
        };
        verify(&run, options).unwrap().findings
    };
    assert_eq!(with(None), []);
    assert_eq!(with(Some(forger.public_key())), []);
    let found = forger.public_key();
    assert_eq!(with(Some(office.key.public_key())), [Finding::WrongKey { found }]);
}

#[test]
fn a_file_of_any_name_is_named_in_one_line() {
    let office = Office::open();
    let run = office.sealed(1);
    fs::write(run.path().join("note\n\u{1b}[2J\u{202e}verified: ok"), "").unwrap();
    assert_eq!(
        office.findings(&run),
        [r"note\n\u{1b}[2J\u{202e}verified: ok was added after the run was sealed"]
    );
}
