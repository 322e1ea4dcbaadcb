//! The steps of sealing are in `seal/sealing.rs`; each state that a crash can leave is made here.

use std::fs;

use telensic_run::{Ledger, RunDir, SealState};

use crate::support::{Office, assert_names};

fn pending(run: &RunDir) -> std::path::PathBuf {
    run.seal().with_extension("pending")
}

#[test]
fn a_crash_before_the_ledger_was_written_leaves_a_run_that_is_sealed_anew() {
    let office = Office::open();
    let (run, other) = (office.sealed(1), office.finished(2));
    fs::rename(run.seal(), pending(&run)).unwrap();
    fs::write(office.root.ledger(), "").unwrap();
    assert_names(&office.findings(&run), &["seal.json is missing"]);

    // Another run takes the number meanwhile, which makes no fork.
    office.seal(&other).unwrap();
    let sealed = office.seal(&run).unwrap();
    assert_eq!(sealed.statement.sequence, Some(2));
    assert!(!pending(&run).exists());
    for run in [&run, &other] {
        assert_eq!(office.findings(run), Vec::<String>::new());
    }
}

#[test]
fn a_crash_after_the_ledger_was_written_is_completed_with_the_same_seal() {
    let office = Office::open();
    let run = office.sealed(1);
    let sealed = fs::read(run.seal()).unwrap();
    fs::rename(run.seal(), pending(&run)).unwrap();

    // The ledger vouches for the pending seal, so the run is verified as any other.
    let verification = office.verify(&run).unwrap();
    assert_eq!(
        (verification.state, verification.findings),
        (SealState::Interrupted, vec![])
    );
    let events = fs::read(run.events()).unwrap();
    fs::write(run.events(), "{}\n").unwrap();
    assert_names(&office.findings(&run), &["events.jsonl was truncated"]);
    fs::write(run.events(), events).unwrap();

    office.sealed(2);
    office.seal(&run).unwrap();
    assert_eq!(fs::read(run.seal()).unwrap(), sealed);
    assert_eq!(office.findings(&run), Vec::<String>::new());
    assert_eq!(Ledger::read(&office.root).unwrap().len(), 2);
}

#[test]
fn a_pending_seal_for_which_nobody_vouches_seals_nothing() {
    let office = Office::open();
    let run = office.sealed(1);
    let mut altered = fs::read(run.seal()).unwrap();
    fs::remove_file(run.seal()).unwrap();
    altered[40] ^= 1;
    fs::write(pending(&run), altered).unwrap();
    assert_names(&office.findings(&run), &["seal.json is missing"]);
    assert!(
        office
            .seal(&run)
            .unwrap_err()
            .to_string()
            .contains("sealed before")
    );
}
