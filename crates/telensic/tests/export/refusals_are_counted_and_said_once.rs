//! What a backend will never take is not sent again: it is counted, and the reason is said once.

use telensic_tape::otlp::{put_bytes, put_message, put_varint_field};

use crate::backend::{Backend, Mood, free_address, reach};
use crate::support::{Dir, succeed};
use crate::work::{records, stats};

/// Records 300 spans, 100 a request; what the child said.
fn said(dir: &Dir, backend: &Backend) -> String {
    let mut command = records(dir, &backend.endpoint(), 0, 300);
    command
        .env("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100")
        .env("OTEL_LOGS_EXPORTER", "none");
    // Looked at first when the program ends, so that the requests are the same ones every time.
    command.env("OTEL_BSP_SCHEDULE_DELAY", "60000");
    succeed(&mut command)
}

#[test]
fn a_refused_request_is_dropped_and_the_next_ones_are_sent() {
    let refuses = || Mood::Status(400, "", String::new());
    let (dir, backend) = (Dir::new(), Backend::start(vec![refuses(), refuses()]));
    let said = said(&dir, &backend);
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("refuses spans"))
        .collect();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(lines[0].contains("status 400"), "{said}");
    assert_eq!(backend.numbers("work").len(), 100);
    assert!(
        stats(&dir).contains("exported: 100, rejected: 0, dropped: 200"),
        "{}",
        stats(&dir)
    );
}

#[test]
fn what_it_rejects_of_a_request_is_counted() {
    let mut answer = Vec::new();
    put_message(&mut answer, 1, |partial| {
        put_varint_field(partial, 1, 30);
        put_bytes(partial, 2, b"too old");
    });
    let (dir, backend) = (
        Dir::new(),
        Backend::start(vec![Mood::Says(answer.clone()), Mood::Says(answer)]),
    );
    let said = said(&dir, &backend);
    assert_eq!(
        said.matches("takes only some spans: too old").count(),
        1,
        "{said}"
    );
    assert!(
        stats(&dir).contains("exported: 240, rejected: 60, dropped: 0"),
        "{}",
        stats(&dir)
    );
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Backend::start(Vec::new());
    let location: &'static str = format!("location: {}/v1/traces\r\n", elsewhere.endpoint()).leak();
    let (dir, backend) = (
        Dir::new(),
        Backend::start(vec![Mood::Status(307, location, String::new())]),
    );
    let said = said(&dir, &backend);
    assert!(said.contains("redirects are not followed"), "{said}");
    assert!(elsewhere.taken().is_empty());
    assert!(!reach(free_address()));
}
