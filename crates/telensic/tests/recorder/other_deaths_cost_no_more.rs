//! A process can end in many ways; what returned before is on the tape after each of them.

use std::os::unix::process::ExitStatusExt;
use std::process::Output;

use crate::acknowledged;
use crate::support::{self, Dir, Val, child, finish, is_child, read};

/// Ends a recording child in this way, and returns how it ended.
fn die(way: &str) -> Output {
    let dir = Dir::new();
    let output = finish(child(&dir, "other_deaths_cost_no_more::dies").env("WAY", way));
    let acknowledged = acknowledged::verify(&dir, way);
    assert!(
        acknowledged > 100,
        "{way}: {acknowledged} is too little to prove anything"
    );
    output
}

#[test]
fn signals_cost_nothing() {
    for (way, signals) in [
        ("segv", &[libc::SIGSEGV][..]),
        ("null", &[libc::SIGSEGV, libc::SIGABRT]),
        ("abort", &[libc::SIGABRT]),
        ("term", &[libc::SIGTERM]),
        ("overflow", &[libc::SIGABRT, libc::SIGSEGV]),
        ("panic in panic", &[libc::SIGABRT]),
    ] {
        let signal = die(way).status.signal();
        assert!(
            signal.is_some_and(|signal| signals.contains(&signal)),
            "{way}: {signal:?}"
        );
    }
}

#[test]
fn exits_cost_nothing() {
    for (way, code) in [("exit", 7), ("_exit", 8), ("guard forgotten", 10)] {
        assert_eq!(die(way).status.code(), Some(code), "{way}");
    }
}

#[test]
#[ignore = "the child of the tests above"]
fn dies() {
    #![expect(unsafe_code, reason = "some deaths cannot be had safely")]
    if !is_child() {
        return;
    }
    let guard = telensic::init("victim");
    acknowledged::begin();
    match support::given("WAY").as_str() {
        "segv" => loop {
            // SAFETY: ends the process, which is what is wanted; the first time, std's handler steps aside.
            unsafe { libc::raise(libc::SIGSEGV) };
        },
        // SAFETY: not even that: the address is not mapped, and the process ends.
        "null" => unsafe { std::hint::black_box(std::ptr::dangling_mut::<u8>()).write_volatile(1) },
        // SAFETY: as above.
        "term" => unsafe {
            libc::raise(libc::SIGTERM);
        },
        "abort" => std::process::abort(),
        "overflow" => {
            println!("{}", deeper(1));
        }
        "panic in panic" => {
            struct Bad;
            impl Drop for Bad {
                fn drop(&mut self) {
                    panic!("again");
                }
            }
            let _bad = Bad;
            panic!("once");
        }
        "exit" => std::process::exit(7),
        // SAFETY: as above.
        "_exit" => unsafe { libc::_exit(8) },
        "guard forgotten" => {
            std::mem::forget(guard);
            std::process::exit(10);
        }
        way => panic!("no such way: {way}"),
    }
    unreachable!("the process has ended");
}

#[expect(unconditional_recursion, reason = "the stack is to overflow")]
fn deeper(depth: u64) -> u64 {
    let wide = std::hint::black_box([depth; 64]);
    deeper(depth + 1) + wide[3]
}

#[test]
fn a_panic_is_told_on_its_span_and_the_ones_above_and_in_the_log() {
    let dir = Dir::new();
    let output = finish(&mut child(&dir, "other_deaths_cost_no_more::panics"));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let read = read(dir.path());
    let inner = read.span("inner");
    assert_eq!(
        (inner.status, inner.message.as_str()),
        (2, "the price is negative: -3")
    );
    let [event] = &inner.events[..] else {
        panic!("{:?}", inner.events)
    };
    assert_eq!(event.name, "exception");
    assert!(inner.start <= event.time && event.time <= inner.end);
    assert_eq!(event.get("exception.type"), Some(&Val::from("panic")));
    assert_eq!(
        event.get("exception.message"),
        Some(&Val::from("the price is negative: -3"))
    );
    let place = event.get("exception.stacktrace").unwrap().text();
    assert!(place.contains("other_deaths_cost_no_more.rs:"), "{place}");
    for name in ["middle", "outer"] {
        assert_eq!(read.span(name).status, 2, "{name}");
        assert!(
            read.span(name).events.is_empty(),
            "the innermost span tells of it: {name}"
        );
    }
    assert_eq!(read.span("went well").status, 0);
    assert_eq!(read.span("after").status, 0, "the panic was caught before");
    assert_eq!(
        read.span("in destructor").status,
        0,
        "it did not end because of the panic"
    );
    let log = read.log("the price is negative: -3");
    assert_eq!(log.severity, 17);
    assert_eq!(log.span, Some(inner.id));
    assert_eq!(log.get("exception.type"), Some(&Val::from("panic")));
    assert!(
        log.get("exception.stacktrace")
            .unwrap()
            .text()
            .contains("other_deaths_cost_no_more.rs:")
    );
    // One that carries no text, on a thread, and one that was resumed with a payload of its own.
    assert_eq!(read.span("without text").status, 2);
    let resumed = read.span("resumed");
    assert_eq!(resumed.status, 2);
    assert!(
        resumed.events.is_empty(),
        "an earlier panic that was caught is not this one: {:?}",
        resumed.events
    );
}

#[test]
#[ignore = "the child of the test above"]
fn panics() {
    struct Destructor;
    impl Drop for Destructor {
        fn drop(&mut self) {
            drop(telensic::span("in destructor").entered());
        }
    }
    if !is_child() {
        return;
    }
    let _guard = telensic::init("panics");
    let caught = std::panic::catch_unwind(|| {
        let _outer = telensic::span("outer").entered();
        drop(telensic::span("went well").entered());
        let _middle = telensic::span("middle");
        let _inner = telensic::span("inner").entered();
        let _destructor = Destructor;
        panic!("the price is negative: {}", -3);
    });
    assert!(caught.is_err());
    drop(telensic::span("after").entered());
    let joined = std::thread::spawn(|| {
        let _span = telensic::span("without text").entered();
        std::panic::panic_any(5);
    })
    .join();
    assert!(joined.is_err());
    assert!(std::panic::catch_unwind(|| panic!("caught without any span")).is_err());
    let resumed = std::panic::catch_unwind(|| {
        let _span = telensic::span("resumed").entered();
        std::panic::resume_unwind(Box::new("no hook is called"));
    });
    assert!(resumed.is_err());
}
