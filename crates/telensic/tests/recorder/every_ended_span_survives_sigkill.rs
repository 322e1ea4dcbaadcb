//! What returned is on the tape, whatever moment the process is killed at.

use std::process::Stdio;
use std::time::Duration;

use crate::acknowledged;
use crate::support::{self, Dir, Random, child, is_child, until};

const KILLS: u64 = 200;

#[test]
fn every_ended_span_survives_sigkill() {
    let mut random = Random(1);
    let mut acknowledged_in_all = 0;
    for run in 0..KILLS {
        let dir = Dir::new();
        let mut victim = child(&dir, "every_ended_span_survives_sigkill::records_for_ever")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let counters = acknowledged::counters(dir.path());
        // The first moments are as good as any: some are killed before all threads have begun.
        let first = if run % 2 == 0 { 1 } else { 400 };
        until("the first acknowledgements", || {
            acknowledged::all(&counters) >= first
        });
        std::thread::sleep(Duration::from_micros(random.below(30_000)));
        victim.kill().unwrap();
        support::reap(&mut victim);
        acknowledged_in_all += acknowledged::verify(&dir, &format!("run {run}"));
    }
    println!("{KILLS} kills, {acknowledged_in_all} spans and log records acknowledged, none lost");
    assert!(
        acknowledged_in_all > KILLS * 100,
        "{acknowledged_in_all} is too little to prove anything"
    );
}

#[test]
#[ignore = "the child of the test above"]
fn records_for_ever() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("victim");
    acknowledged::begin();
    loop {
        std::thread::park();
    }
}
