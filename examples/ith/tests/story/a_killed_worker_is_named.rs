//! SIGKILL of a worker in the middle of its sleeve: the run names the sleeve and what was open; the others stand.

use std::path::Path;

use crate::bench::{Bench, begin, end, kill, text, until};

/// The process of this sleeve's worker, of which only the pipeline knows.
fn worker_of(sleeve: &str, driver: u32) -> Option<u32> {
    let children = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let pid: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let is_child = status.lines().any(|line| line == format!("PPid:\t{driver}"));
        let command = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?;
        (is_child && command.contains(sleeve)).then_some(pid)
    });
    children.into_iter().next()
}

/// Whether this process has a tape on which this span is open.
fn is_in(bench: &Bench, run: &Path, pid: u32, span: &str) -> bool {
    let tapes = std::fs::read_dir(run.join("tape")).into_iter().flatten();
    let mut names = tapes.map(|entry| entry.unwrap().path());
    let Some(tape) = names.find(|path| text(path).contains(&format!("-{pid}-"))) else {
        return false;
    };
    bench.telensic(&["tape", "open", text(&tape)]).out.contains(span)
}

#[test]
fn the_others_results_stand() {
    let bench = Bench::new();
    let driver = begin(&mut bench.ith(&["--workers", "2", "--pace", "1500"]));
    let victim = until("the worker of bull-02", || worker_of("bull-02", driver.id()));
    let run = until("the run", || bench.only_run());
    until("its sleeve", || {
        is_in(&bench, &run, victim, "run_pipeline").then_some(())
    });
    kill(victim);
    let said = end(driver);
    assert_eq!(said.code, Some(0), "{said:?}");
    for stands in ["bull-00", "bear-01", "bear-03"] {
        assert!(said.out.contains(stands), "{said:?}");
    }
    assert!(!said.out.contains("bull-02"), "{said:?}");

    let report = bench.telensic(&["report", text(&run)]);
    assert!(report.out.contains("sleeve bull-02 on "), "{}", report.out);
    let killed = format!("the worker of sleeve bull-02, process {victim}, was killed by signal 9");
    assert!(report.out.contains(&killed), "{}", report.out);
    let health = bench.json(&["report", text(&run)]);
    let gaps = health["gaps"]["first"].as_array().unwrap();
    let stale = gaps.iter().find(|gap| gap["kind"] == "sleeve_stale").unwrap();
    assert_eq!(stale["sleeve"], "bull-02");
    let open = health["record"]["open"].to_string();
    assert!(open.contains("run_pipeline"), "{health}");
    let replayed = bench.telensic(&["replay", text(&run)]);
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    let verified = bench.telensic(&["verify", text(&run)]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
}
