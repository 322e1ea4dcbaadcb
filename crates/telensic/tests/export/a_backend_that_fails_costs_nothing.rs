//! Whatever a backend does, what was recorded arrives once it is well, and twice only where its answer was lost.

use std::time::Duration;

use crate::backend::{Backend, Mood, free_address};
use crate::support::{Dir, reap, succeed, until};
use crate::work::{has_recorded, records, stats, tell, until_told};

const COUNT: u64 = 2000;

/// Records against a backend in these moods; how often the spans came.
fn arrived(moods: Vec<Mood>) -> (Backend, Dir, Vec<usize>) {
    let (dir, backend) = (Dir::new(), Backend::start(moods));
    let mut command = records(&dir, &backend.endpoint(), 0, COUNT);
    let mut child = until_told(&mut command, "end").spawn().unwrap();
    until("all spans", || backend.numbers("work").len() == COUNT as usize);
    until("all logs", || backend.log_records() >= COUNT as usize / 100);
    tell(&dir, "end");
    assert!(reap(&mut child).success());
    let times = backend.numbers("work").into_values().collect();
    (backend, dir, times)
}

#[test]
fn a_backend_that_is_well_gets_everything_once() {
    let (backend, dir, times) = arrived(Vec::new());
    assert!(times.iter().all(|times| *times == 1));
    assert_eq!(backend.log_records(), 20);
    let counted = stats(&dir);
    assert!(counted.starts_with("true"), "{counted}");
    assert!(
        counted.contains("traces: SignalStats { exported: 2000, rejected: 0, dropped: 0"),
        "{counted}"
    );
    assert!(counted.contains("overrun: 0"), "{counted}");
    let left: Vec<_> = std::fs::read_dir(dir.path().join("export")).unwrap().collect();
    assert!(
        left.iter().all(|entry| {
            let name = entry.as_ref().unwrap().file_name().into_string().unwrap();
            name.contains("metrics")
        }),
        "{left:?}"
    );
}

#[test]
fn an_absent_backend_gets_everything_once_it_is_there() {
    let (dir, address) = (Dir::new(), free_address());
    let mut command = records(&dir, &format!("http://{address}"), 0, COUNT);
    let mut child = until_told(&mut command, "end").spawn().unwrap();
    until("recorded", || has_recorded(&dir));
    std::thread::sleep(Duration::from_millis(100));
    let backend = Backend::at(address);
    until("all spans", || backend.numbers("work").len() == COUNT as usize);
    tell(&dir, "end");
    assert!(reap(&mut child).success());
    assert!(backend.numbers("work").into_values().all(|times| times == 1));
}

#[test]
fn one_that_asks_to_be_left_alone_is_left_alone_and_gets_everything_once() {
    let busy = || Mood::Status(503, "retry-after: 1\r\n", String::new());
    let (backend, _dir, times) = arrived(vec![busy(), busy()]);
    assert!(times.iter().all(|times| *times == 1));
    assert_eq!(backend.refused(), 2, "it was not asked again at once");
}

#[test]
fn one_that_hangs_up_gets_everything_once() {
    let moods = vec![
        Mood::HangUp,
        Mood::Status(502, "", String::new()),
        Mood::HangUp,
        Mood::Status(429, "", String::new()),
    ];
    let (backend, _dir, times) = arrived(moods);
    assert!(times.iter().all(|times| *times == 1));
    assert_eq!(backend.refused(), 4);
}

#[test]
fn only_what_it_took_without_saying_so_comes_twice() {
    let (backend, _dir, times) = arrived(vec![Mood::Late(Duration::from_millis(2500))]);
    let twice = times.iter().filter(|times| **times == 2).count();
    assert!(times.iter().all(|times| *times <= 2));
    let first = &backend.taken()[0];
    let late = if first.path == "/v1/traces" {
        first.spans().len()
    } else {
        0
    };
    assert_eq!(twice, late, "what came with the request whose answer was late");
}

#[test]
fn the_end_of_a_program_waits_for_an_absent_backend_no_longer_than_one_attempt() {
    let (dir, address) = (Dir::new(), free_address());
    let said = succeed(&mut records(&dir, &format!("http://{address}"), 0, 10));
    assert!(stats(&dir).starts_with("false"));
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("does not take spans"))
        .collect();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(
        lines[0].contains(&format!("http://{address} does not take spans: cannot connect: ")),
        "{said}"
    );
}
