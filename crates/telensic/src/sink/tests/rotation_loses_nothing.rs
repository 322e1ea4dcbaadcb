use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::Duration;

use super::*;
use crate::sink::{FilesSink, LogFilesOptions};

fn all_messages(dir: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for name in names(dir) {
        for line in text(&dir.join(&name)).lines() {
            let json: serde_json::Value =
                serde_json::from_str(line).unwrap_or_else(|_| panic!("{name}: {line}"));
            all.push(json["msg"].as_str().unwrap().to_owned());
        }
    }
    all
}

#[test]
fn a_full_file_is_renamed_and_compressed_and_none_is_larger_than_asked() {
    let (dir, reports) = (Dir::new(), Reports::default());
    let options = LogFilesOptions::new(dir.logs()).rotate_at(4_096);
    let mut sink = FilesSink::new(&options, origin(), reports.callback());
    for round in 0..10 {
        for number in 0..10 {
            Log::at(number)
                .body(format!("{round}-{number}").as_str())
                .to(&mut sink);
        }
        sink.end_of_round();
    }
    let long = "x".repeat(10_000);
    Log::at(0).body(long.as_str()).to(&mut sink);
    sink.close();
    let names = names(&dir.logs());
    assert!(names.len() > 5, "{names:?}");
    for name in &names {
        assert!(
            name == "quant_core.jsonl" || name.ends_with(".jsonl.gz"),
            "{names:?}"
        );
        let text = text(&dir.logs().join(name));
        assert!(
            text.len() <= 4_096 || text.lines().count() == 1,
            "{name}: {}",
            text.len()
        );
    }
    assert_eq!(all_messages(&dir.logs()).len(), 101);
    assert_eq!((reports.all().len(), sink.lost_lines()), (0, 0));
}

#[test]
fn several_writers_of_one_directory_lose_no_line() {
    const WRITERS: usize = 4;
    const ROUNDS: usize = 150;
    let (dir, reports) = (Dir::new(), Reports::default());
    let options = LogFilesOptions::new(dir.logs()).rotate_at(8_192);
    let lost = thread::scope(|scope| {
        let writers = [(); WRITERS].map(|()| FilesSink::new(&options, origin(), reports.callback()));
        let write = |(writer, mut sink): (usize, FilesSink)| {
            for round in 0..ROUNDS {
                for line in 0..7 {
                    Log::at(line)
                        .body(format!("{writer}-{round}-{line}").as_str())
                        .to(&mut sink);
                }
                sink.end_of_round();
            }
            sink.close();
            sink.lost_lines()
        };
        let threads: Vec<_> = writers
            .into_iter()
            .enumerate()
            .map(|one| scope.spawn(move || write(one)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum::<u64>()
    });
    let all = all_messages(&dir.logs());
    let unique: BTreeSet<_> = all.iter().collect();
    assert_eq!(
        (unique.len(), all.len(), lost),
        (WRITERS * ROUNDS * 7, WRITERS * ROUNDS * 7, 0)
    );
    assert!(names(&dir.logs()).len() > 20);
    assert_eq!(reports.all(), Vec::<String>::new());
}

#[test]
fn old_files_go_and_what_is_not_ours_stays() {
    let (dir, reports) = (Dir::new(), Reports::default());
    fs::create_dir_all(dir.logs()).unwrap();
    let stamp = |ago: u64| {
        let now = crate::sink::rotated::now();
        let at = telensic_tape::UnixNanos(now.0 - ago * 3_600_000_000_000);
        crate::sink::rotated::RotatedName::plain("quant_core", at)
    };
    let (new, old) = (stamp(6 * 24), stamp(8 * 24));
    let strangers = [
        "notes.txt",
        "quant_core.20200101T000000.jsonl",
        "a.b.20200101T000000.000000.jsonl.gz",
    ];
    for name in strangers.into_iter().chain([new.as_str(), old.as_str()]) {
        fs::write(dir.logs().join(name), "{\"msg\":\"kept\"}\n").unwrap();
    }
    for ending in [".gz", ".gz.part"] {
        fs::write(dir.logs().join(format!("{old}{ending}")), "").unwrap();
    }
    let mut sink = FilesSink::new(&LogFilesOptions::new(dir.logs()), origin(), reports.callback());
    Log::at(0).to(&mut sink);
    sink.close();
    let mut expected: Vec<_> = strangers.map(str::to_owned).to_vec();
    // Left plain by a process that died; the next one compresses it.
    expected.extend(["quant_core.jsonl".to_owned(), format!("{new}.gz")]);
    expected.sort();
    assert_eq!(names(&dir.logs()), expected);
    assert_eq!(
        text(&dir.logs().join(format!("{new}.gz"))),
        "{\"msg\":\"kept\"}\n"
    );
}

#[test]
fn what_a_process_left_that_died_while_it_compressed_is_finished() {
    let (dir, reports) = (Dir::new(), Reports::default());
    fs::create_dir_all(dir.logs()).unwrap();
    let plain = crate::sink::rotated::RotatedName::plain("quant_core", crate::sink::rotated::now());
    fs::write(dir.logs().join(&plain), "{\"msg\":\"kept\"}\n").unwrap();
    fs::write(dir.logs().join(format!("{plain}.gz.part")), "half").unwrap();
    fs::write(
        dir.logs().join(format!("{plain}.gz")),
        "renamed, and then the power went",
    )
    .unwrap();
    let mut sink = FilesSink::new(&LogFilesOptions::new(dir.logs()), origin(), reports.callback());
    Log::at(0).to(&mut sink);
    sink.close();
    assert_eq!(
        names(&dir.logs()),
        [format!("{plain}.gz"), "quant_core.jsonl".to_owned()]
    );
    assert_eq!(
        text(&dir.logs().join(format!("{plain}.gz"))),
        "{\"msg\":\"kept\"}\n"
    );
}

#[test]
fn without_compression_and_age_all_stays_as_it_is() {
    let (dir, reports) = (Dir::new(), Reports::default());
    let options = LogFilesOptions::new(dir.logs())
        .rotate_at(1_024)
        .compress(false)
        .keep(None::<Duration>);
    let mut sink = FilesSink::new(&options, origin(), reports.callback());
    for number in 0..20 {
        Log::at(number).to(&mut sink);
    }
    sink.close();
    assert!(names(&dir.logs()).iter().all(|name| name.ends_with(".jsonl")));
    assert_eq!(all_messages(&dir.logs()).len(), 20);
}
