//! OTLP files as a run: protobuf, or JSON with a document a line, plain or gzip.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use telensic::{Builder, DataRoot, Run};
use telensic_redact::Redactor;
use telensic_server::intake::{Intake, RunIntake, RunIntakeOptions};
use telensic_server::otlp::{ExportRequest, NotARequest};
use telensic_tape::Signal;

use super::Imported;
use crate::exit::Failure;

/// How deep values may be nested.
const NESTING: u32 = 32;

/// Makes a run of these files.
pub(crate) fn from_otlp(
    files: &[&Path],
    signal: Signal,
    profile: &str,
    root: &DataRoot,
) -> Result<Imported, Failure> {
    // All are read before a run is begun: a file that is no OTLP leaves nothing behind.
    let mut requests = Vec::new();
    for file in files {
        requests.extend(read(file, signal)?);
    }
    let redactor = Arc::new(Redactor::default());
    let mut run = Run::builder(profile)
        .root(root.clone())
        .kind("import")
        .recorder(Builder::new("telensic").redactor(Arc::clone(&redactor)))
        .start()?;
    let intake = RunIntake::open(run.dir(), redactor, RunIntakeOptions::default());
    let mut findings = Vec::new();
    for request in &requests {
        match intake.take(request) {
            Ok(taken) if taken.rejected.total() == 0 => {}
            Ok(taken) => findings.push(format!("some records are left out: {}", taken.rejected)),
            Err(refused) => findings.push(refused.to_string()),
        }
    }
    let records = intake.finish().accepted();
    run.set("telensic.received.records", records);
    let directory = run.dir().clone();
    run.finish()?;
    Ok(Imported {
        run: directory,
        findings,
        records: Some(records),
    })
}

fn read(file: &Path, signal: Signal) -> Result<Vec<ExportRequest>, Failure> {
    let told =
        |why: &dyn std::fmt::Display| Failure::Told(format!("{} cannot be imported: {why}", file.display()));
    let mut bytes = fs::read(file).map_err(|error| told(&error))?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        MultiGzDecoder::new(&bytes[..])
            .read_to_end(&mut plain)
            .map_err(|error| told(&error))?;
        bytes = plain;
    }
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        let request =
            ExportRequest::from_protobuf(signal, bytes).map_err(|error: NotARequest| told(&error))?;
        return Ok(vec![request]);
    }
    if let Ok(whole) = document(&bytes) {
        return Ok(vec![whole]);
    }
    let lines = bytes
        .split(|byte| *byte == b'\n')
        .zip(1..)
        .filter(|(line, _)| !line.trim_ascii().is_empty());
    lines
        .map(|(line, number)| document(line).map_err(|error| told(&format!("line {number}: {error}"))))
        .collect()
}

/// A document says what it holds by its first member.
fn document(text: &[u8]) -> Result<ExportRequest, NotARequest> {
    let holds = |name: &[u8]| {
        text.windows(name.len())
            .take(4096)
            .any(|window| window.eq_ignore_ascii_case(name))
    };
    let signal = if holds(b"resourceLogs") || holds(b"resource_logs") {
        Signal::Logs
    } else if holds(b"resourceMetrics") || holds(b"resource_metrics") {
        Signal::Metrics
    } else {
        Signal::Spans
    };
    ExportRequest::from_json(signal, text, NESTING)
}
