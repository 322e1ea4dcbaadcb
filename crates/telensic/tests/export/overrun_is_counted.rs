//! What the ring has overwritten before it could be sent is counted, to the record, and said once.

use telensic_tape::{LEAST_BUDGET, Loss};

use crate::backend::{Backend, free_address};
use crate::support::{Dir, reap, tapes_in, until};
use crate::work::{has_recorded, records, stats, tell, until_told};
use telensic_tape::Tape;

#[test]
fn all_records_have_arrived_or_are_counted_as_overrun() {
    const COUNT: u64 = 150_000;
    let (dir, address) = (Dir::new(), free_address());
    let mut command = records(&dir, &format!("http://{address}"), 0, COUNT);
    command.env("TELENSIC_TAPE_BUDGET", LEAST_BUDGET.to_string());
    command.env("OTEL_LOGS_EXPORTER", "none");
    let mut child = until_told(&mut command, "end").spawn().unwrap();
    until("recorded", || has_recorded(&dir));
    let backend = Backend::at(address);
    until("the newest span", || {
        backend.numbers("work").contains_key(&(COUNT as i64 - 1))
    });
    tell(&dir, "end");
    assert!(reap(&mut child).success());
    let [path] = &tapes_in(&dir.path().join("tapes"))[..] else {
        panic!("one tape")
    };
    let lost = Tape::open(path).unwrap().head().lost(Loss::Overrun);
    let numbers = backend.numbers("work");
    // A batch that was taken before the backend was there is sent although its place was needed: once lost, once arrived.
    let arrived = numbers.len() as u64;
    assert!(lost > 0);
    assert!(arrived + lost >= COUNT, "{arrived} + {lost}");
    assert!(arrived + lost <= COUNT + 4096, "{arrived} + {lost}");
    let counted = stats(&dir);
    assert!(counted.contains(&format!("overrun: {lost}")), "{lost}: {counted}");
}
