//! In a run the tape keeps everything; what is exported are the sampled traces alone.

use crate::backend::Backend;
use crate::support::{Dir, read_run, succeed};
use crate::work::records;

#[test]
fn a_runs_tape_keeps_all_and_the_backend_gets_what_is_sampled() {
    let (dir, backend) = (Dir::new(), Backend::start(Vec::new()));
    let run = dir.path().join("20261121-084028-a1b2");
    let mut command = records(&dir, &backend.endpoint(), 0, 1000);
    command
        .env("TELENSIC_RUN_DIR", &run)
        .env("OTEL_TRACES_SAMPLER", "traceidratio")
        .env("OTEL_TRACES_SAMPLER_ARG", "0.5");
    succeed(&mut command);
    let read = read_run(&run);
    let kept = read.named("work");
    assert_eq!(kept.len(), 1000);
    let mut sampled: Vec<i64> = kept
        .iter()
        .filter(|span| span.is_sampled())
        .map(|span| span.int("number"))
        .collect();
    sampled.sort_unstable();
    assert!((300..700).contains(&sampled.len()));
    let mut arrived: Vec<i64> = backend.numbers("work").into_keys().collect();
    arrived.sort_unstable();
    assert_eq!(arrived, sampled);
}

#[test]
fn a_process_does_not_send_to_the_run_that_it_records_into() {
    let (dir, backend) = (Dir::new(), Backend::start(Vec::new()));
    let run = dir.path().join("20261121-084028-a1b2");
    let mut command = records(&dir, &backend.endpoint(), 0, 10);
    command
        .env("TELENSIC_RUN_DIR", &run)
        .env("TELENSIC_RUN_ENDPOINT", backend.endpoint());
    succeed(&mut command);
    assert_eq!(read_run(&run).named("work").len(), 10);
    assert!(backend.taken().is_empty());
}
