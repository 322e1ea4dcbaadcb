//! A process that receives is killed right after an answer: what the answer stood for is on the tape.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use prost::Message;
use telensic_redact::Redactor;
use telensic_run::{DataRoot, RunDir, RunId};
use telensic_server::intake::{RunIntake, RunIntakeOptions};
use telensic_server::receivers::otlp_http::{Limits, Receiver};

use crate::support::http::{PROTOBUF, connect, read_answer, write_post};
use crate::support::read_tapes;
use crate::support::requests::{counter, full_span, log, logs_of, metrics_of, spans_of};

const DIR: &str = "RECEIVER_TEST_DIR";

fn run_in(dir: &str) -> RunDir {
    let id: RunId = "20261121-093000-1a2b".parse().unwrap();
    DataRoot::new(dir).run(id)
}

#[test]
#[ignore = "the child of the test below"]
fn receives_until_it_is_killed() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let run = run_in(&dir);
    DataRoot::new(&dir).create_run(run.id()).unwrap();
    let options = RunIntakeOptions::default();
    let intake = Arc::new(RunIntake::open(&run, Arc::new(Redactor::default()), options));
    let receiver = Receiver::bind(([127, 0, 0, 1], 0).into(), Limits::default(), intake).unwrap();
    // On a line of its own, whatever the test harness has begun.
    println!("\n{}", receiver.address());
    loop {
        std::thread::park();
    }
}

/// Ends it even when an assertion fails.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn every_answered_request_is_on_the_tape() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap();
    let test = "acknowledged_records_survive_sigkill::receives_until_it_is_killed";
    let mut child = Killed(
        Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--ignored", "--nocapture"])
            .env(DIR, path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let said = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let address = said
        .map(Result::unwrap)
        .find_map(|line| line.parse().ok())
        .unwrap();
    let mut stream = connect(address);
    // More than one chunk, so that some are sealed and some are open.
    for number in 0..50u64 {
        let spans = (0..64).map(|n| full_span(number * 64 + n)).collect();
        let bodies = [
            ("/v1/traces", spans_of("prices", spans).encode_to_vec()),
            ("/v1/logs", logs_of("prices", vec![log("said")]).encode_to_vec()),
            (
                "/v1/metrics",
                metrics_of("orders", vec![counter("runs", 1)]).encode_to_vec(),
            ),
        ];
        for (path, body) in bodies {
            write_post(&mut stream, path, &[PROTOBUF], &body);
            assert_eq!(read_answer(&stream).unwrap().status, 200);
        }
    }
    drop(child);
    let tapes = read_tapes(&run_in(path));
    let mut names: Vec<_> = tapes
        .iter()
        .flat_map(|tape| &tape.spans)
        .map(|(_, span)| &span.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    let logs: usize = tapes.iter().map(|tape| tape.logs.len()).sum();
    let metrics: usize = tapes.iter().map(|tape| tape.metrics.len()).sum();
    assert_eq!((tapes.len(), names.len(), logs, metrics), (2, 3200, 50, 50));
}
