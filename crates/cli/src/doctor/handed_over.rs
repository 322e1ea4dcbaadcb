//! What whoever started this process handed over: the run it belongs to and the span it is a child of.

use std::path::Path;

use telensic::context::SpanContext;

use super::{Finding, Surroundings};

pub(super) fn look(surroundings: &Surroundings) -> Vec<Finding> {
    let run_id = surroundings.text("RUN_ID");
    let run_dir = surroundings.run_dir.as_deref();
    let mut findings = Vec::new();
    if run_id.is_none() && run_dir.is_none() {
        findings.push(Finding::ok(
            "run",
            "none: a program started here records into a ring",
        ));
    }
    findings.extend(run_id.map(|id| check_id(surroundings, id, run_dir)));
    findings.extend(run_dir.map(|dir| check_dir(dir, run_id)));
    findings.push(parent(surroundings));
    findings
}

fn check_id(surroundings: &Surroundings, id: &str, run_dir: Option<&Path>) -> Finding {
    let shown = surroundings.shown("RUN_ID", id);
    if !is_run_id(id) {
        let text = format!("RUN_ID {shown} is not of the form YYYYMMDD-HHMMSS-xxxx");
        return Finding::warn("run", text, "let telensic make it, or follow its form");
    }
    if run_dir.is_none() {
        return Finding::warn(
            "run",
            format!("RUN_ID {shown} is set, TELENSIC_RUN_DIR is not: records carry the id and go to a ring"),
            "set TELENSIC_RUN_DIR to the run's directory",
        );
    }
    Finding::ok("run", format!("RUN_ID {shown}"))
}

fn check_dir(dir: &Path, run_id: Option<&str>) -> Finding {
    let shown = dir.display();
    let name = dir.file_name().map(|name| name.to_string_lossy());
    match (run_id, name) {
        _ if dir.is_relative() => Finding::warn(
            "run",
            format!("TELENSIC_RUN_DIR {shown} is relative: a worker started elsewhere will not find it"),
            "make it absolute",
        ),
        (Some(id), Some(name)) if id != name => Finding::warn(
            "run",
            format!("TELENSIC_RUN_DIR {shown} does not belong to RUN_ID: one of them is left over"),
            "unset both, or set both to the same run",
        ),
        (None, _) => Finding::warn(
            "run",
            format!("TELENSIC_RUN_DIR {shown} is set, RUN_ID is not: records do not carry the run's id"),
            "set RUN_ID to the run's id",
        ),
        _ => Finding::ok("run", format!("TELENSIC_RUN_DIR {shown}")),
    }
}

/// `YYYYMMDD-HHMMSS-xxxx`.
fn is_run_id(id: &str) -> bool {
    let mut parts = id.split('-');
    let is_number = |part: Option<&str>, len| {
        part.is_some_and(|part| part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_number(parts.next(), 8)
        && is_number(parts.next(), 6)
        && parts
            .next()
            .is_some_and(|part| part.len() >= 4 && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        && parts.next().is_none()
}

fn parent(surroundings: &Surroundings) -> Finding {
    const TOPIC: &str = "parent";
    let Some(header) = surroundings.text("TRACEPARENT") else {
        return Finding::ok(TOPIC, "none: a program started here begins its own traces");
    };
    match SpanContext::from_traceparent(header) {
        None => Finding::warn(
            TOPIC,
            format!(
                "TRACEPARENT {} is malformed: a new trace starts",
                surroundings.shown("TRACEPARENT", header)
            ),
            "write it as 00-<32 hex digits>-<16 hex digits>-01, or unset it",
        ),
        Some(span) => {
            let sampled = if span.is_sampled() {
                "sampled"
            } else {
                "not sampled"
            };
            let text = format!(
                "TRACEPARENT names trace {} span {}, {sampled}",
                span.trace_id(),
                span.span_id()
            );
            Finding::ok(TOPIC, text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_id_has_date_time_and_a_tail() {
        assert!(is_run_id("20261121-084028-a1b2"));
        for id in [
            "",
            "nightly",
            "20261121-084028",
            "20261121-084028-a",
            "20261121-084028-a1b2-x",
            "2026112x-084028-a1b2",
        ] {
            assert!(!is_run_id(id), "{id}");
        }
    }
}
