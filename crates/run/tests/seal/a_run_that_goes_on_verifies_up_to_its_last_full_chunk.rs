use std::fs;

use telensic_run::{SealState, VerifyOptions, verify};

use crate::support::{Office, Pen, assert_names, begun, findings_alone};

#[test]
fn full_chunks_are_verified_while_the_run_is_written() {
    let office = Office::open();
    let run = begun(&office.root, 1);
    let mut pen = Pen::new(&run);
    for number in 0..100 {
        pen.write(number, 1000);
        pen.clerk.round(&mut |_| {});
    }
    let verification = office.verify(&run).unwrap();
    assert_eq!(verification.findings, []);
    let SealState::Unsealed { chained, open } = verification.state else {
        panic!("{:?}", verification.state);
    };
    assert_eq!((chained, open), (2, 2));
    assert_eq!(verification.records, 200);
    let path = pen.close();

    // Left by a process that died: still running by its manifest.
    assert_eq!(findings_alone(&run), Vec::<String>::new());
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() - 65_536 + 192 + 1_000;
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert_names(
        &findings_alone(&run),
        &["tape/", "was altered: its hash does not match its seal"],
    );
}

#[test]
fn a_finished_run_without_a_seal_is_named_and_a_directory_without_a_run_is_refused() {
    let office = Office::open();
    let run = office.finished(1);
    assert_names(
        &office.findings(&run),
        &["seal.json is missing, though the run was finished"],
    );

    let nowhere = office.root.run("20260101-000000-0000".parse().unwrap());
    let error = verify(&nowhere, VerifyOptions::default()).unwrap_err();
    assert!(error.to_string().contains("is not a run"), "{error}");
    fs::remove_file(run.manifest_path()).unwrap();
    let error = verify(&run, VerifyOptions::default()).unwrap_err();
    assert!(error.to_string().contains("no run.json"), "{error}");
}
