//! Many threads and tasks call at once: nothing is lost or counted twice.

use std::io;

use telensic::instrument_adapter;

use crate::counted::{calls, counted, errors};

struct Feed;

#[instrument_adapter("loaded")]
impl Feed {
    pub(crate) fn sync(&self, call: u32) -> io::Result<u32> {
        answer(call)
    }

    pub(crate) async fn task(&self, call: u32) -> io::Result<u32> {
        tokio::task::yield_now().await;
        answer(call)
    }
}

/// Every tenth one is refused.
fn answer(call: u32) -> io::Result<u32> {
    match call % 10 {
        0 => Err(io::ErrorKind::ConnectionRefused.into()),
        _ => Ok(call),
    }
}

const THREADS: u32 = 16;
const TASKS: u32 = 1_000;
const CALLS: u32 = 200;

#[test]
fn to_the_last_call() {
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..CALLS).filter(|call| Feed.sync(*call).is_ok()).count());
        }
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .build()
        .unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..TASKS).map(|call| tokio::spawn(Feed.task(call))).collect();
        for task in tasks {
            let _ = task.await.unwrap();
        }
        let waiting: Vec<_> = (0..TASKS).map(|call| tokio::spawn(Feed.task(call))).collect();
        waiting.iter().for_each(tokio::task::JoinHandle::abort);
        for task in waiting {
            let _ = task.await;
        }
    });

    let all = f64::from(THREADS * CALLS);
    assert_eq!(calls("loaded", "sync", "success"), Some(all * 0.9));
    assert_eq!(errors("loaded", "sync", "connection"), Some(all * 0.1));
    assert_eq!(
        counted("loaded", "request_duration_seconds_count", "operation=\"sync\""),
        Some(all)
    );
    // Of the tasks that were aborted it is not known how many had begun; what had begun has ended.
    let ended: f64 = ["success", "error"]
        .iter()
        .filter_map(|status| calls("loaded", "task", status))
        .sum();
    let cancelled = errors("loaded", "task", "cancelled").unwrap_or(0.0);
    assert!(
        (f64::from(TASKS)..=f64::from(2 * TASKS)).contains(&ended),
        "{ended}"
    );
    assert_eq!(
        errors("loaded", "task", "connection").unwrap()
            + calls("loaded", "task", "success").unwrap()
            + cancelled,
        ended
    );
    assert_eq!(counted("loaded", "active_requests", ""), Some(0.0));
}
