//! A full disk, a directory that is removed, one that cannot be had: the program goes on, is told once, and
//! what can be kept is kept.

use std::fs;
use std::path::Path;
use std::time::Duration;

use telensic::Severity;

use crate::support::{self, Dir, Random, Read, child, is_child, our_lines, read, succeed, until};

fn test(name: &str) -> String {
    format!("the_disk_may_be_full_or_gone::{name}")
}

fn lost(read: &Read) -> u64 {
    read.tapes
        .iter()
        .map(|tape| {
            telensic_tape::Loss::ALL
                .into_iter()
                .map(|reason| tape.head().lost(reason))
                .sum::<u64>()
        })
        .sum()
}

#[test]
fn a_limit_of_the_file_size_is_told_once_and_recording_resumes() {
    for limit in [0, 4_096, 300_000, 700_000, 1_500_000, 3_000_000, 20_000_000] {
        let dir = Dir::new();
        let said = succeed(child(&dir, &test("fills_the_disk")).env("LIMIT", limit.to_string()));
        let about_the_tape: Vec<&str> = our_lines(&said)
            .into_iter()
            .filter(|line| line.contains(".tape") || line.contains("a tape"))
            .collect();
        assert_eq!(about_the_tape.len(), 1, "limit {limit}: {said}");
        let read = read(dir.path());
        if limit < 500_000 {
            // No room even for a tape's beginning.
            assert_eq!(read.tapes.len(), 0, "limit {limit}");
            continue;
        }
        let seen = read.named("work").len() as u64;
        println!("limit {limit}: {seen} of {SPANS} spans, {} lost", lost(&read));
        assert_eq!(
            seen + lost(&read),
            SPANS,
            "limit {limit}: all are there or counted"
        );
        assert!(
            !read.named("after").is_empty(),
            "limit {limit}: recording resumed"
        );
    }
}

const SPANS: u64 = 30_000;

#[test]
#[ignore = "the child of the test above"]
fn fills_the_disk() {
    if !is_child() {
        return;
    }
    limit_file_size(Some(support::given("LIMIT").parse().unwrap()));
    let guard = telensic::Builder::new("full").log_files(false).init();
    let text = "x".repeat(900);
    for number in 0..SPANS {
        telensic::span("work")
            .with("number", number as i64)
            .with("text", text.as_str())
            .end();
    }
    limit_file_size(None);
    // What waits in memory goes out once there is room, and then there is room for more.
    assert!(telensic::flush(Duration::from_secs(60)));
    telensic::span("after").end();
    assert!(guard.shutdown());
}

fn limit_file_size(bytes: Option<u64>) {
    #![expect(unsafe_code, reason = "a system call")]
    let limit = libc::rlimit {
        rlim_cur: bytes.unwrap_or(libc::RLIM_INFINITY),
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: reads the structure that it is given.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &limit) }, 0);
}

/// A file system of this size at this directory, as long as it lives.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(at: &'a Path, size: &str) -> Option<Self> {
        let options = format!("size={size},mode=0700");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(at)
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then_some(Self(at))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount")
            .arg("-l")
            .arg(self.0)
            .output();
    }
}

#[test]
fn a_small_disk_fills_up_and_gets_room_again() {
    let dir = Dir::new();
    let Some(_disk) = SmallDisk::mount(dir.path(), "16m") else {
        println!("skipped: no tmpfs can be mounted here");
        return;
    };
    fs::write(dir.path().join("ballast"), vec![1; 14 << 20]).unwrap();
    let said = succeed(&mut child(&dir, &test("fills_a_small_disk")));
    let full: Vec<&str> = our_lines(&said)
        .into_iter()
        .filter(|line| line.contains("cannot extend"))
        .collect();
    assert_eq!(full.len(), 1, "{said}");
    let read = read(dir.path());
    let seen = read.named("work").len() as u64;
    println!("small disk: {seen} of 4000 spans, {} lost", lost(&read));
    assert_eq!(read.named("after").len(), 1);
    // They fit the memory until there was room.
    assert_eq!((seen, lost(&read)), (4_000, 0));
}

#[test]
#[ignore = "the child of the test above"]
fn fills_a_small_disk() {
    if !is_child() {
        return;
    }
    let guard = telensic::Builder::new("full").log_files(false).init();
    let text = "x".repeat(900);
    for number in 0..4_000 {
        telensic::span("work")
            .with("number", number)
            .with("text", text.as_str())
            .end();
    }
    fs::remove_file(Path::new(&support::given("TELENSIC_DIR")).join("ballast")).unwrap();
    assert!(telensic::flush(Duration::from_secs(60)));
    telensic::span("after").end();
    assert!(guard.shutdown());
}

#[test]
fn a_removed_directory_costs_nothing() {
    let dir = Dir::new();
    let said = succeed(&mut child(&dir, &test("has_its_directory_removed")));
    assert_eq!(our_lines(&said).len(), 1, "{said}");
    let read = read(dir.path());
    assert_eq!(read.tapes.len(), 2);
    let (before, during) = (read.named("before"), read.named("during"));
    assert_eq!(before.len(), 1000);
    assert_ne!(before[0].tape, read.span("after").tape);
    assert_eq!(during.len() as i64, read.span("after").int("spans"));
    assert_eq!(read.by_id().len(), read.spans.len());
    let open_meanwhile = read.span("open meanwhile");
    assert_eq!(open_meanwhile.get("said"), Some(&"at its end".into()));
    assert_eq!(read.span("child of it").parent, Some(open_meanwhile.id));
}

#[test]
#[ignore = "the child of the test above"]
fn has_its_directory_removed() {
    if !is_child() {
        return;
    }
    let guard = telensic::Builder::new("removed").log_files(false).init();
    for _ in 0..1000 {
        telensic::span("before").end();
    }
    let mut open = telensic::span("open meanwhile").entered();
    let first = telensic::tape_path();
    let tapes = Path::new(&support::given("TELENSIC_DIR")).join("tapes");
    fs::remove_dir_all(&tapes).unwrap();
    let mut spans = 0;
    until("a new tape", || {
        std::thread::sleep(Duration::from_millis(1));
        telensic::root_span("during").end();
        spans += 1;
        // Its file is there a moment before it is in force.
        telensic::tape_path() != first
    });
    drop(telensic::span("child of it").entered());
    open.set("said", "at its end");
    drop(open);
    telensic::span("after").with("spans", spans).end();
    assert!(guard.shutdown());
}

#[test]
fn an_impossible_directory_is_told_in_one_line_and_changes_nothing_else() {
    let dir = Dir::new();
    let file = dir.path().join("a file");
    fs::write(&file, "in the way").unwrap();
    for impossible in [file.clone(), file.join("below"), "/proc/none".into()] {
        let said = succeed(child(&dir, &test("records_nowhere")).env("TELENSIC_DIR", &impossible));
        let [line] = our_lines(&said)[..] else {
            panic!("{}: {said}", impossible.display())
        };
        assert!(
            line.contains("cannot create a tape in") && line.contains("TELENSIC_DIR"),
            "{line}"
        );
        assert!(line.contains(&impossible.display().to_string()), "{line}");
    }
    assert_eq!(fs::read_to_string(file).unwrap(), "in the way");
}

#[test]
#[ignore = "the child of the test above"]
fn records_nowhere() {
    if !is_child() {
        return;
    }
    let guard = telensic::Builder::new("nowhere").log_files(false).init();
    assert_eq!(telensic::tape_path(), None);
    let span = telensic::span("nowhere").entered();
    assert!(span.span_context().is_some());
    for _ in 0..10_000 {
        drop(telensic::span("inner").entered());
        telensic::log(Severity::Info, "said").emit();
    }
    drop(span);
    assert!(telensic::flush(Duration::from_secs(60)));
    assert!(guard.shutdown());
}

#[test]
fn log_files_that_cannot_be_written_cost_the_tape_nothing() {
    let dir = Dir::new();
    fs::write(dir.path().join("logs"), "in the way").unwrap();
    let said = succeed(&mut child(&dir, &test("logs_in_vain")));
    let lines = our_lines(&said);
    // That they wait, that they are given up, and how many they were.
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[0].contains("cannot open log file"), "{said}");
    assert!(
        lines[2].starts_with("telensic: 200 log lines could not be written"),
        "{said}"
    );
    assert_eq!(read(dir.path()).logs.len(), 200);
}

#[test]
#[ignore = "the child of the test above"]
fn logs_in_vain() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("in vain");
    let mut random = Random(3);
    for _ in 0..200 {
        telensic::log(Severity::Warn, "said")
            .with("number", random.below(100) as i64)
            .emit();
        if random.below(20) == 0 {
            telensic::flush(Duration::from_secs(60));
        }
    }
    drop(guard);
}
