//! A glance as lines, each with its topic.

use std::io::{self, Write};

use telensic::Exit;
use telensic_forensics::health::StageStatus;

use super::lines::{HASH, MOST, line, rest};
use super::proof::Proof;
use super::{Glance, basis};
use crate::screen::{BAD, FAINT, GOOD, STRONG, Screen, WARNING};
use crate::units::{bytes, counted, duration, grouped};
use telensic_run::Visible;

/// Shows a run.
pub(crate) fn print(screen: &mut Screen, glance: &Glance) -> io::Result<()> {
    head(screen, glance)?;
    if let Some(provenance) = &glance.provenance {
        basis::print(screen, provenance)?;
    }
    record(screen, glance)?;
    proof(screen, glance)?;
    stages(screen, glance)?;
    troubles(screen, glance)?;
    line(screen, "path", &glance.path)?;
    for file in &glance.files {
        line(
            screen,
            file.what,
            &format!("{} ({})", file.path, bytes(file.bytes)),
        )?;
    }
    Ok(())
}

fn head(screen: &mut Screen, glance: &Glance) -> io::Result<()> {
    let run = &glance.manifest;
    writeln!(
        screen,
        "{}  {}  {}  {}",
        screen.paint(STRONG, run.run_id),
        screen.paint(glance.standing.style(), glance.standing.text()),
        duration(glance.wall_ns),
        Visible(&run.profile)
    )?;
    if let Some(error) = &run.error {
        line(screen, "error", error)?;
    }
    let ended = run
        .ended()
        .map_or_else(String::new, |ended| format!(", ended {ended}"));
    line(screen, "started", &format!("{}{ended}", run.started()))?;
    line(screen, "process", &format!("{} on {}", run.pid, run.host))?;
    if let Some(command) = &run.command {
        line(screen, "command", &command.join(" "))?;
    }
    match run.exit {
        Some(Exit::Code(code)) => line(screen, "exit", &format!("status {code}"))?,
        Some(Exit::Signal(signal)) => line(screen, "exit", &format!("signal {signal}"))?,
        None => {}
    }
    if let Some(used) = run.resource_use {
        let text = format!(
            "{:.2} s of CPU time, {:.2} s of it in the kernel; {} of memory at most",
            used.cpu_user_s + used.cpu_system_s,
            used.cpu_system_s,
            bytes(used.peak_memory_bytes)
        );
        line(screen, "used", &text)?;
    }
    for (topic, text) in [
        ("session", &run.session_id),
        ("experiment", &run.experiment_id),
        ("trace", &run.trace_id),
    ] {
        if let Some(text) = text {
            line(screen, topic, text)?;
        }
    }
    Ok(())
}

fn record(screen: &mut Screen, glance: &Glance) -> io::Result<()> {
    let text = format!(
        "{}: {}, {} failed, {} open; {}, {}",
        counted(glance.tapes, "tape"),
        counted(glance.spans, "span"),
        grouped(glance.failed_spans),
        grouped(glance.open.total),
        counted(glance.logs, "log record"),
        counted(glance.events, "event")
    );
    line(screen, "record", &text)?;
    if glance.lost > 0 {
        let text = format!("{} lost while recording", counted(glance.lost, "record"));
        line(screen, "lost", &text)?;
    }
    if glance.damaged_tapes > 0 {
        let text = format!(
            "{}: `telensic tape --check` names the places",
            counted(glance.damaged_tapes, "tape")
        );
        line(screen, "damaged", &text)?;
    }
    Ok(())
}

fn proof(screen: &mut Screen, glance: &Glance) -> io::Result<()> {
    let text = match &glance.proof {
        Proof::Unsealed => "not sealed".to_owned(),
        Proof::Unreadable { why } => format!("cannot be read: {why}"),
        Proof::Sealed {
            at,
            public_key,
            sequence,
            ledger_line,
        } => {
            let key = public_key.to_string();
            let key = key.get(..HASH).unwrap_or(&key);
            let listed = match (sequence, ledger_line) {
                (None, _) => "without a ledger".to_owned(),
                (Some(sequence), Some(line)) => format!("number {sequence}, line {line} of the ledger"),
                (Some(sequence), None) => format!("number {sequence} of a ledger that is not here"),
            };
            format!("{at}, key {key}.., {listed}; `telensic verify` checks it")
        }
    };
    line(screen, "sealed", &text)
}

fn stages(screen: &mut Screen, glance: &Glance) -> io::Result<()> {
    for stage in glance.stages.iter().take(MOST) {
        let (word, style) = match stage.status {
            StageStatus::Ok => ("ok   ", GOOD),
            StageStatus::Error => ("ERROR", BAD),
            StageStatus::Open => ("OPEN ", WARNING),
        };
        writeln!(
            screen,
            "  {}  {}  {:>14}  {:>5.1} %  {}",
            screen.paint(FAINT, format!("{:<10}", "stage")),
            screen.paint(style, word),
            duration(stage.duration_ns),
            100.0 * stage.share,
            Visible(&stage.id)
        )?;
    }
    rest(screen, glance.stages.len())
}

fn troubles(screen: &mut Screen, glance: &Glance) -> io::Result<()> {
    if let Some(first) = glance.errors.first() {
        let message = if first.message.is_empty() {
            &first.cause
        } else {
            &first.message
        };
        let text = format!("{} ({}x in {})", message, first.count, first.chain.join(" > "));
        line(screen, "cause", &text)?;
        for deeper in &first.caused_by {
            line(screen, "", &format!("caused by: {deeper}"))?;
        }
    }
    for open in glance.open.first.iter().take(MOST) {
        let text = format!(
            "{} for {} on {}",
            open.span.name,
            duration(open.open_ns),
            open.span.host
        );
        line(screen, "open", &text)?;
    }
    rest(screen, usize::try_from(glance.open.total).unwrap_or(usize::MAX))
}
