//! What one program exports, our own receiver puts on the tapes of a run, record by record the same.

use std::sync::Arc;
use std::time::Duration;

use telensic_redact::Redactor;
use telensic_run::{DataRoot, RunId};
use telensic_server::intake::{RunIntake, RunIntakeOptions};
use telensic_server::receivers::otlp_http::{Ending, Limits, Receiver};

use crate::support::{Dir, read, read_run, succeed};
use crate::work::records;

#[test]
fn in_both_encodings_and_all_compressions() {
    for (protocol, compression) in [
        ("http/protobuf", "none"),
        ("http/protobuf", "zstd"),
        ("http/json", "gzip"),
    ] {
        let (dir, theirs) = (Dir::new(), Dir::new());
        let run = DataRoot::new(theirs.path()).create_run(RunId::new()).unwrap();
        let intake = RunIntake::open(&run, Arc::new(Redactor::default()), RunIntakeOptions::default());
        let intake = Arc::new(intake);
        let receiver = Receiver::bind(([127, 0, 0, 1], 0).into(), Limits::default(), intake.clone()).unwrap();
        let mut command = records(&dir, &receiver.endpoint(), 0, 1000);
        command
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
            .env("OTEL_EXPORTER_OTLP_COMPRESSION", compression);
        succeed(&mut command);
        assert_eq!(receiver.shutdown(Duration::from_secs(5)), Ending::Clean);
        assert_eq!(intake.finish().accepted(), 1010);
        let (sent, arrived) = (read(dir.path()), read_run(run.path()));
        let arrived = arrived.by_id();
        assert_eq!(arrived.len(), 1000);
        for span in &sent.spans {
            let other = arrived[&span.id];
            assert_eq!(
                (other.trace, other.start, other.end),
                (span.trace, span.start, span.end)
            );
            assert_eq!(other.attributes, span.attributes);
        }
    }
}
