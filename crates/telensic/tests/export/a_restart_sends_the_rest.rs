//! What a killed process had not sent is sent by the next one, and what it had sent is not sent again.

use crate::backend::{Backend, free_address};
use crate::support::{Dir, reap, succeed, until};
use crate::work::{has_recorded, records, until_told};

#[test]
fn what_a_killed_process_left_is_sent_by_the_next_one() {
    let (dir, address) = (Dir::new(), free_address());
    let endpoint = format!("http://{address}");
    let mut command = records(&dir, &endpoint, 0, 5000);
    let mut first = until_told(&mut command, "never").spawn().unwrap();
    until("recorded", || has_recorded(&dir));
    first.kill().unwrap();
    reap(&mut first);
    let backend = Backend::at(address);
    succeed(&mut records(&dir, &endpoint, 5000, 100));
    let numbers = backend.numbers("work");
    assert_eq!(numbers.len(), 5100);
    assert!(numbers.into_values().all(|times| times == 1));
}

#[test]
fn what_a_killed_process_had_sent_is_not_sent_again() {
    let (dir, backend) = (Dir::new(), Backend::start(Vec::new()));
    let mut command = records(&dir, &backend.endpoint(), 0, 3000);
    let mut first = until_told(&mut command, "never").spawn().unwrap();
    until("all spans", || backend.numbers("work").len() == 3000);
    until("the cursor", || {
        let entries = std::fs::read_dir(dir.path().join("export")).unwrap();
        entries.flatten().any(|entry| {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            // Whether the first chunk was closed by the time of the last acknowledgement is chance.
            let has_first = ["\"done\":[[1,", "\"partial\":{\"1\":"]
                .iter()
                .any(|part| text.contains(part));
            entry.path().to_string_lossy().ends_with("spans.json") && has_first
        })
    });
    // The last request's acknowledgement reaches the disk some microseconds after the answer was sent.
    std::thread::sleep(std::time::Duration::from_millis(200));
    first.kill().unwrap();
    reap(&mut first);
    succeed(&mut records(&dir, &backend.endpoint(), 3000, 100));
    let numbers = backend.numbers("work");
    assert_eq!(numbers.len(), 3100);
    assert!(numbers.into_values().all(|times| times == 1));
}

#[test]
fn two_heirs_do_not_send_the_same() {
    let (dir, address) = (Dir::new(), free_address());
    let endpoint = format!("http://{address}");
    for first in [0, 1000, 2000] {
        succeed(&mut records(&dir, &endpoint, first, 1000));
    }
    let backend = Backend::at(address);
    let mut heirs: Vec<_> = [3000, 4000, 5000]
        .map(|first| records(&dir, &endpoint, first, 1000).spawn().unwrap())
        .into();
    heirs.iter_mut().for_each(|heir| assert!(reap(heir).success()));
    let numbers = backend.numbers("work");
    assert_eq!(numbers.len(), 6000);
    assert!(numbers.into_values().all(|times| times == 1));
}
