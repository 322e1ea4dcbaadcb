//! Takes telemetry from programs that know nothing of Telensic.
//!
//! ```text
//! receivers/   protocols: HTTP in, answers out            otlp_http is the first
//!     | ExportRequest: OTLP protobuf, its frame sound
//! otlp/        requests, their check and redaction, JSON to protobuf
//!     | safe records, copied as they lie unless something had to be masked
//! intake/      where they go                              tapes of a run
//! ```
//!
//! A receiver knows no storage and an intake no protocol; they meet in the trait [`intake::Intake`]. The endpoint
//! that `telensic run` holds open for its program is one receiver and one intake:
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use telensic_redact::Redactor;
//! use telensic_run::{DataRoot, RunId};
//! use telensic_server::intake::{RunIntake, RunIntakeOptions};
//! use telensic_server::receivers::otlp_http::{Ending, Limits, Receiver};
//!
//! # let root = DataRoot::new(std::env::temp_dir().join(format!("server-doc-{}", std::process::id())));
//! let run = root.create_run(RunId::new())?;
//! let options = RunIntakeOptions::default();
//! let intake = Arc::new(RunIntake::open(&run, Arc::new(Redactor::default()), options));
//! let receiver = Receiver::bind(([127, 0, 0, 1], 0).into(), Limits::default(), intake.clone())?;
//!
//! // A child process started with OTEL_EXPORTER_OTLP_ENDPOINT set to this sends here:
//! assert!(receiver.endpoint().starts_with("http://127.0.0.1:"));
//!
//! // Afterwards:
//! assert_eq!(receiver.shutdown(Duration::from_secs(5)), Ending::Clean);
//! let summary = intake.finish();
//! assert_eq!(summary.accepted(), 0);
//! # std::fs::remove_dir_all(root.path()).ok();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Records that are acknowledged are on a tape, where they survive `kill -9` of the receiver. No secret gets there:
//! everything that is text went through `telensic-redact`, and what OTLP does not define is left out.

pub mod intake;
pub mod otlp;
pub mod receivers;
