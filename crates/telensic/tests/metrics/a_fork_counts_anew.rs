//! The child of a fork counts what it does itself: what came before is its parent's.

use telensic::metrics;

use crate::support::{Dir, child, is_child, succeed};

#[test]
#[ignore = "the child of the test below"]
fn forks() {
    #![expect(unsafe_code, reason = "a system call")]
    if !is_child() {
        return;
    }
    let _guard = telensic::Builder::new("forks").log_files(false).init();
    let work = metrics::counter("work_total").register();
    let sizes = metrics::histogram("sizes").register();
    let adapter = metrics::adapter("forked");
    work.alone().add(5);
    sizes.alone().observe(1.0);
    adapter
        .request_start("quote")
        .fail(metrics::AdapterError::Timeout);
    // SAFETY: the child uses what it has of the parent as any other program that forks does.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        telensic::span("the child's own").end();
        work.alone().inc();
        let mut is_right = work.alone().value() == 1.0 && sizes.alone().count() == 0;
        adapter.request_start("quote").succeed();
        is_right &= adapter.success_rate() == Some(1.0);
        // SAFETY: ends the child without running what the parent is to run.
        unsafe { libc::_exit(i32::from(!is_right)) };
    }
    let mut status = 0;
    // SAFETY: waits for the child made above.
    assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
    assert_eq!(status, 0, "the child counted what was its parent's");
    assert_eq!((work.alone().value(), sizes.alone().count()), (5.0, 1));
    assert_eq!(adapter.success_rate(), Some(0.0));
}

#[test]
fn and_its_parent_goes_on() {
    succeed(&mut child(&Dir::new(), "a_fork_counts_anew::forks"));
}
