//! A global allocator that records every allocation: what it does within the recorder's own work is left out, and
//! nothing waits for itself.

#![cfg(all(feature = "record", target_os = "linux"))]
#![expect(unsafe_code, reason = "a global allocator")]
#![expect(clippy::expect_used, reason = "the helpers of tests fail as tests do")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use telensic::{ScopeId, Severity, span};
use telensic_tape::Tape;

struct Recording;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: hands everything on to the system's allocator.
unsafe impl GlobalAlloc for Recording {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        telensic::log(Severity::Info, "allocated")
            .with("bytes", layout.size() as i64)
            .emit();
        // SAFETY: the caller's promises hold for it, too.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        drop(span("freed").with("bytes", layout.size() as i64).entered());
        // SAFETY: as above; it came from there.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static GLOBAL: Recording = Recording;

#[test]
fn an_allocator_may_record() {
    let (done, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        records_everything();
        done.send(()).expect("the test waits");
    });
    // A guard against hangs, not a measure of speed.
    ended
        .recv_timeout(Duration::from_secs(60))
        .expect("the recorder waits for itself");
}

fn records_everything() {
    let dir = std::env::temp_dir().join(format!("telensic-test-allocator-{}", std::process::id()));
    for _ in 0..2 {
        let guard = telensic::Builder::new("allocator").dir(&dir).init();
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        std::thread::scope(|threads| {
            for thread in 0..4 {
                threads.spawn(move || {
                    for number in 0..100 {
                        let mut work = span("work").with("number", number).entered();
                        work.set(&format!("key {number}"), "a long value ".repeat(200).as_str());
                        work.event(&"event".repeat(10));
                        work.record_error(&std::io::Error::other("error"));
                        let name = format!("scope {thread} {}", number % 20);
                        let record = telensic::log(Severity::Warn, "said").scope(ScopeId::named(&name, ""));
                        record.with("text", "text ".repeat(300).as_str()).emit();
                    }
                });
            }
        });
        assert!(telensic::flush(Duration::from_secs(60)));
        let path = telensic::tape_path().expect("a tape");
        assert!(guard.shutdown());
        let counted = ALLOCATIONS.load(Ordering::Relaxed) - before;
        let tape = Tape::open(path).expect("a tape");
        assert_eq!(tape.check(), []);
        let (mut work, mut said, mut allocated) = (0, 0, 0);
        for chunk in tape.chunks() {
            let body = tape.body(chunk).expect("a body");
            work += body.spans().flatten().filter(|span| span.name == "work").count();
            for log in body.logs().flatten() {
                match log.body.as_str() {
                    Some("said") => said += 1,
                    Some("allocated") => allocated += 1,
                    _ => {}
                }
            }
        }
        assert_eq!((work, said), (400, 400));
        assert!((400..=counted).contains(&allocated), "{allocated} of {counted}");
    }
    let _ = std::fs::remove_dir_all(dir);
}
