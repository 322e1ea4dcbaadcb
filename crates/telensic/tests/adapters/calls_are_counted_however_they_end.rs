//! A call is counted once, however it ends, and the gauge of calls under way is right at any moment.

use std::future::pending;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use telensic::{instrument_adapter, metrics};

use crate::counted::{calls, counted, errors};
use crate::support::{Val, is_child, recorded};

struct Feed;

#[instrument_adapter("endings")]
impl Feed {
    pub(crate) fn sync(&self, ending: Ending) -> io::Result<u32> {
        assert_eq!(under_way(), 1.0);
        ending.come()
    }

    pub(crate) async fn future(&self, ending: Ending) -> io::Result<u32> {
        assert_eq!(under_way(), 1.0);
        tokio::task::yield_now().await;
        ending.come()
    }

    pub(crate) async fn never_answers(&self) -> io::Result<u32> {
        pending().await
    }

    pub(crate) fn no_result(&self) -> Option<u32> {
        None
    }
}

#[derive(Clone, Copy)]
enum Ending {
    Success,
    Refused,
    Late,
    Panic,
}

impl Ending {
    fn come(self) -> io::Result<u32> {
        match self {
            Self::Success => Ok(1),
            Self::Refused => Err(io::ErrorKind::ConnectionRefused.into()),
            Self::Late => Err(io::ErrorKind::TimedOut.into()),
            Self::Panic => panic!("the feed is broken"),
        }
    }
}

fn under_way() -> f64 {
    counted("endings", "active_requests", "").unwrap()
}

#[test]
fn by_success_error_panic_and_cancellation() {
    let read = recorded("calls_are_counted_however_they_end::ends_in_every_way");
    for name in ["adapter.sync", "adapter.future"] {
        let outcomes: Vec<_> = read
            .named(name)
            .iter()
            .map(|span| {
                let text = |key| span.get(key).map_or("", Val::text);
                (
                    text("outcome").to_owned(),
                    text("error.type").to_owned(),
                    span.status,
                )
            })
            .collect();
        let expected = [
            ("success", "", 0),
            ("connection", "connection", 2),
            ("timeout", "timeout", 2),
            ("panic", "panic", 2),
        ];
        let expected =
            expected.map(|(outcome, error, status)| (outcome.to_owned(), error.to_owned(), status));
        assert_eq!(outcomes, expected, "{name}");
    }
    let cancelled = read.span("adapter.never_answers");
    assert_eq!(cancelled.get("outcome"), Some(&Val::from("cancelled")));
    assert_eq!(cancelled.status, 0);
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn ends_in_every_way() {
    if !is_child() {
        return;
    }
    let guard = telensic::Builder::new("endings").log_files(false).init();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let endings = [Ending::Success, Ending::Refused, Ending::Late, Ending::Panic];
    for ending in endings {
        let _ = catch_unwind(AssertUnwindSafe(|| Feed.sync(ending)));
        let _ = catch_unwind(AssertUnwindSafe(|| runtime.block_on(Feed.future(ending))));
        assert_eq!(under_way(), 0.0);
    }
    runtime.block_on(async {
        let mut waiting = Box::pin(Feed.never_answers());
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("it never answers"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(under_way(), 1.0);
        drop(waiting);
        assert_eq!(under_way(), 0.0);
        // One that was never polled is no call.
        drop(Feed.never_answers());
    });
    assert_eq!(Feed.no_result(), None);

    for operation in ["sync", "future"] {
        assert_eq!(calls("endings", operation, "success"), Some(1.0));
        assert_eq!(calls("endings", operation, "error"), Some(3.0));
        for error in ["connection", "timeout", "panic"] {
            assert_eq!(
                errors("endings", operation, error),
                Some(1.0),
                "{operation} {error}"
            );
        }
        let labels = format!("operation=\"{operation}\"");
        let durations = counted("endings", "request_duration_seconds_count", &labels);
        assert_eq!(durations, Some(4.0));
        assert_eq!(counted("endings", "timeouts_total", &labels), Some(1.0));
    }
    assert_eq!(errors("endings", "never_answers", "cancelled"), Some(1.0));
    assert_eq!(calls("endings", "never_answers", "error"), Some(1.0));
    assert_eq!(calls("endings", "no_result", "success"), Some(1.0));
    assert_eq!(counted("endings", "connection_errors_total", ""), Some(2.0));
    assert_eq!(metrics::adapter("endings").success_rate(), Some(3.0 / 10.0));
    assert!(guard.shutdown());
}

#[test]
fn also_where_nothing_is_recorded() {
    struct Unrecorded;

    #[instrument_adapter("unrecorded")]
    impl Unrecorded {
        pub(crate) fn quote(&self) -> Result<(), &'static str> {
            Err("no")
        }
    }

    assert_eq!(Unrecorded.quote(), Err("no"));
    assert_eq!(calls("unrecorded", "quote", "error"), Some(1.0));
    assert_eq!(counted("unrecorded", "active_requests", ""), Some(0.0));
}

#[test]
fn a_call_that_a_destructor_makes_while_a_panic_unwinds_has_not_panicked() {
    struct Closing;

    #[instrument_adapter("closing")]
    impl Closing {
        pub(crate) fn close(&self) {}
    }

    impl Drop for Closing {
        fn drop(&mut self) {
            self.close();
        }
    }

    let panicked = catch_unwind(|| {
        let _closing = Closing;
        panic!("while it is open");
    });
    assert!(panicked.is_err());
    assert_eq!(calls("closing", "close", "success"), Some(1.0));
    assert_eq!(calls("closing", "close", "error"), Some(0.0));
}
