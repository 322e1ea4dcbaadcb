use std::fs;
use std::io::Write;

use super::*;
use crate::sink::{FilesSink, LogFilesOptions};

fn sink(dir: &Dir, reports: &Reports) -> FilesSink {
    FilesSink::new(&LogFilesOptions::new(dir.logs()), origin(), reports.callback())
}

/// The messages in a log file, in order; every line must be an object.
fn messages(path: &Path) -> Vec<String> {
    let text = text(path);
    assert!(text.is_empty() || text.ends_with('\n'), "{text:?}");
    let json = |line| serde_json::from_str::<serde_json::Value>(line).unwrap();
    text.lines()
        .map(|line| json(line)["msg"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn nothing_is_created_before_the_first_line() {
    let (dir, reports) = (Dir::new(), Reports::default());
    let mut sink = sink(&dir, &reports);
    sink.end_of_round();
    sink.close();
    assert!(!dir.logs().exists());
    assert_eq!(reports.all(), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn files_and_directories_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let (dir, reports) = (Dir::new(), Reports::default());
    let mut sink = sink(&dir, &reports);
    Log::at(0).to(&mut sink);
    sink.close();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(dir.logs()), 0o700);
    assert_eq!(mode(dir.logs().join("quant_core.jsonl")), 0o600);
}

#[test]
fn each_component_has_a_file_sorted_within_a_round() {
    let (dir, reports) = (Dir::new(), Reports::default());
    let mut sink = sink(&dir, &reports);
    for (nanos, body) in [(5, "c"), (1, "a"), (3, "b"), (3, "b2")] {
        Log::at(nanos).body(body).to(&mut sink);
    }
    Log::at(2).body("else").with("component", "../up").to(&mut sink);
    sink.end_of_round();
    Log::at(0).body("next round").to(&mut sink);
    sink.end_of_round();
    assert_eq!(names(&dir.logs()), ["___up.jsonl", "quant_core.jsonl"]);
    assert_eq!(
        messages(&dir.logs().join("quant_core.jsonl")),
        ["a", "b", "b2", "c", "next round"]
    );
    assert_eq!(messages(&dir.logs().join("___up.jsonl")), ["else"]);
}

#[test]
fn components_beyond_the_limit_share_a_file() {
    let (dir, reports) = (Dir::new(), Reports::default());
    let mut sink = sink(&dir, &reports);
    for number in 0..100 {
        Log::at(number)
            .with("component", format!("part-{number}").as_str())
            .to(&mut sink);
    }
    sink.close();
    assert_eq!(names(&dir.logs()).len(), 65);
    assert_eq!(text(&dir.logs().join("other.jsonl")).lines().count(), 36);
}

#[test]
fn a_removed_directory_comes_back() {
    let (dir, reports) = (Dir::new(), Reports::default());
    let mut sink = sink(&dir, &reports);
    Log::at(0).body("before").to(&mut sink);
    sink.end_of_round();
    fs::remove_dir_all(dir.0.join("data")).unwrap();
    Log::at(1).body("after").to(&mut sink);
    sink.end_of_round();
    assert_eq!(messages(&dir.logs().join("quant_core.jsonl")), ["after"]);
    assert_eq!((sink.lost_lines(), reports.all()), (0, Vec::new()));
}

#[test]
fn half_a_line_of_a_dead_process_is_cut_off_and_a_whole_one_is_closed() {
    let whole = r#"{"ts":"t","msg":"whole"}"#;
    for (tail, kept, told) in [
        (r#"{"ts":"t","msg":"ha"#, "", 1),
        ("\0\0\0\0", "", 1),
        (whole, "whole", 0),
    ] {
        let (dir, reports) = (Dir::new(), Reports::default());
        fs::create_dir_all(dir.logs()).unwrap();
        let path = dir.logs().join("quant_core.jsonl");
        fs::write(&path, format!("{}\n{tail}", whole.replace("whole", "first"))).unwrap();
        let mut sink = sink(&dir, &reports);
        Log::at(0).body("new").to(&mut sink);
        sink.end_of_round();
        let expected: Vec<_> = ["first", kept, "new"]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        assert_eq!(messages(&path), expected);
        assert_eq!(reports.all().len(), told, "{:?}", reports.all());
        // And again while the sink has the file open, at a place beyond one block of reading.
        let long = format!("{{\"ts\":\"{}", "x".repeat(200_000));
        fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(long.as_bytes())
            .unwrap();
        Log::at(1).body("newer").to(&mut sink);
        sink.end_of_round();
        assert_eq!(messages(&path).len(), expected.len() + 1);
    }
}

#[test]
fn what_cannot_be_written_waits_and_is_told_once() {
    let (dir, reports) = (Dir::new(), Reports::default());
    fs::write(dir.0.join("data"), "in the way").unwrap();
    let mut sink = sink(&dir, &reports);
    for number in 0..5 {
        Log::at(number).body(format!("{number}").as_str()).to(&mut sink);
        sink.flush();
    }
    assert_eq!(sink.lost_lines(), 0);
    let told = reports.all();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("cannot open log file ") && told[0].contains("quant_core.jsonl"),
        "{told:?}"
    );
    fs::remove_file(dir.0.join("data")).unwrap();
    sink.flush();
    assert_eq!(
        messages(&dir.logs().join("quant_core.jsonl")),
        ["0", "1", "2", "3", "4"]
    );
}

#[test]
fn what_can_never_be_written_is_counted_when_it_is_given_up() {
    let (dir, reports) = (Dir::new(), Reports::default());
    fs::write(dir.0.join("data"), "in the way").unwrap();
    let mut sink = sink(&dir, &reports);
    let megabyte = "x".repeat(1 << 20);
    for number in 0..40 {
        Log::at(number).body(megabyte.as_str()).to(&mut sink);
        sink.end_of_round();
    }
    assert_eq!(sink.lost_lines(), 9);
    sink.close();
    assert_eq!(sink.lost_lines(), 40);
    assert!(
        reports
            .all()
            .iter()
            .any(|line| line.starts_with("log lines are lost in ")),
        "{:?}",
        reports.all()
    );
}

#[test]
fn a_directory_in_the_place_of_a_file_is_told() {
    let (dir, reports) = (Dir::new(), Reports::default());
    fs::create_dir_all(dir.logs().join("quant_core.jsonl")).unwrap();
    let mut sink = sink(&dir, &reports);
    Log::at(0).to(&mut sink);
    sink.close();
    assert_eq!(sink.lost_lines(), 1);
    assert!(
        reports.all()[0].starts_with("cannot open log file"),
        "{:?}",
        reports.all()
    );
}

#[test]
fn another_process_that_keeps_the_lock_is_not_waited_for() {
    let (dir, reports) = (Dir::new(), Reports::default());
    let path = dir.logs().join("quant_core.jsonl");
    let mut sink = sink(&dir, &reports);
    Log::at(0).body("one").to(&mut sink);
    sink.end_of_round();
    let other = fs::File::open(&path).unwrap();
    other.lock().unwrap();
    let begun = std::time::Instant::now();
    for number in 1..20 {
        Log::at(number).body("later").to(&mut sink);
        sink.end_of_round();
    }
    assert!(
        begun.elapsed().as_millis() < 800,
        "the pause between two tries is not kept"
    );
    assert_eq!(messages(&path), ["one"]);
    other.unlock().unwrap();
    sink.flush();
    assert_eq!((messages(&path).len(), sink.lost_lines()), (20, 0));
}
