//! A record as one line for people.

use std::fmt::Write;

use anstyle::Style;
use telensic_tape::otlp::{AnyView, LogView, Malformed, SpanView};

use super::attributes;
use crate::screen::{BAD, FAINT, GOOD, STRONG, Screen, WARNING};
use crate::units;
use telensic_run::Visible;

/// `<start> <duration> <name> <status> <key=value ...> trace=<id> span=<id> parent=<id>`.
pub(crate) fn span(screen: &Screen, span: &SpanView<'_>) -> Result<String, Malformed> {
    let mut line = String::with_capacity(256);
    let duration = units::duration(span.end.0.saturating_sub(span.start.0));
    let start = screen.paint(FAINT, span.start);
    let name = screen.paint(STRONG, Visible(span.name));
    let (status, style) = match span.status.code {
        0 => ("unset", Style::new()),
        1 => ("ok", GOOD),
        2 => ("error", BAD),
        _ => ("status?", WARNING),
    };
    let status = screen.paint(style, status);
    // Writing to a `String` cannot fail.
    let _ = write!(line, "{start} {duration:>11} {name} {status}");
    if !span.status.message.is_empty() {
        line.push_str(" message=");
        attributes::put_value(&mut line, &AnyView::Str(span.status.message), 0)?;
    }
    attributes::put(&mut line, span.attributes())?;
    for (count, noun) in [(span.events().count(), "event"), (span.links().count(), "link")] {
        if count > 0 {
            let _ = write!(line, " +{}", units::counted(count as u64, noun));
        }
    }
    let mut ids = format!("trace={} span={}", span.trace_id, span.span_id);
    if let Some(parent) = span.parent {
        let _ = write!(ids, " parent={parent}");
    }
    let _ = write!(line, " {}", screen.paint(FAINT, ids));
    Ok(line)
}

/// `<time> <level> <message or event name> <key=value ...> trace=<id> span=<id>`.
pub(crate) fn log(screen: &Screen, log: &LogView<'_>) -> Result<String, Malformed> {
    let mut line = String::with_capacity(256);
    let time = screen.paint(FAINT, log.time);
    let level = if log.event_name.is_empty() {
        level_name(log)
    } else {
        "EVENT"
    };
    let style = match log.severity {
        17.. => BAD,
        13..=16 => WARNING,
        _ => Style::new(),
    };
    let level = format!("{:<5}", Visible(level).to_string());
    let _ = write!(line, "{time} {}", screen.paint(style, level));
    if !log.event_name.is_empty() {
        let _ = write!(line, " {}", screen.paint(STRONG, Visible(log.event_name)));
    }
    match &log.body {
        AnyView::Empty => {}
        AnyView::Str(text) => {
            let _ = write!(line, " {}", Visible(text));
        }
        other => {
            line.push(' ');
            attributes::put_value(&mut line, other, 0)?;
        }
    }
    attributes::put(&mut line, log.attributes())?;
    if let Some(trace) = log.trace_id {
        let mut ids = format!("trace={trace}");
        if let Some(span) = log.span_id {
            let _ = write!(ids, " span={span}");
        }
        let _ = write!(line, " {}", screen.paint(FAINT, ids));
    }
    Ok(line)
}

fn level_name<'a>(log: &LogView<'a>) -> &'a str {
    if !log.severity_text.is_empty() {
        return log.severity_text;
    }
    match log.severity {
        1..=4 => "TRACE",
        5..=8 => "DEBUG",
        9..=12 => "INFO",
        13..=16 => "WARN",
        17..=20 => "ERROR",
        21..=24 => "FATAL",
        _ => "-",
    }
}
