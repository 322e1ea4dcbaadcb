//! Two runs of one seed say the same; those of two seeds part where the seed is said.

use serde_json::Value;

use crate::bench::{Bench, text};

#[test]
fn one_seed_gives_one_output_and_two_runs_of_it_are_the_same() {
    let bench = Bench::new();
    let (first_table, first) = bench.run(&[]);
    let (second_table, second) = bench.run(&[]);
    assert_eq!(first_table, second_table);
    let output = first_table.rsplit_once(' ').unwrap().1;
    assert_eq!(output.len(), 64, "{first_table}");

    // Whatever either of them took: ids, times, ports and durations are no difference.
    let said = bench.telensic(&["diff", text(&first), text(&second)]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.starts_with("same: "), "{said:?}");
    let diff = bench.json(&["diff", text(&first), text(&second)]);
    assert_eq!(
        (&diff["is_same"], &diff["events"]["differing"], &diff["cause"]),
        (&true.into(), &0.into(), &Value::Null),
        "{diff}"
    );
}

#[test]
fn so_are_two_runs_in_worker_processes() {
    let bench = Bench::new();
    let (_, first) = bench.run(&["--workers", "2"]);
    let (_, second) = bench.run(&["--workers", "2"]);
    let said = bench.telensic(&["diff", text(&first), text(&second)]);
    assert_eq!(said.code, Some(0), "{said:?}");
}

#[test]
fn another_seed_is_told_of_where_the_algorithm_begins() {
    let bench = Bench::new();
    let (_, first) = bench.run(&["--seed", "1"]);
    let (_, second) = bench.run(&["--seed", "2"]);
    let said = bench.telensic(&["diff", text(&first), text(&second)]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let diff = bench.json(&["diff", text(&first), text(&second)]);
    let parting = &diff["events"]["first"];
    assert_eq!(parting["event"], "algorithm.init", "{said:?}");
    assert!(said.out.contains("random_seed"), "{said:?}");
}
