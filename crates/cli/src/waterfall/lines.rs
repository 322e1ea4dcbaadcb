//! Prints the rows.

use std::io::Write;

use telensic_forensics::Timeline;
use telensic_forensics::timeline::{SpanState, SpanStatus};
use telensic_tape::TraceId;

use super::bar::Extent;
use super::tree::{Cut, Row, rows};
use crate::exit::Failure;
use crate::screen::{BAD, FAINT, GOOD, Screen, WARNING};
use crate::units;
use telensic_run::Visible;

/// How much is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) trace: Option<TraceId>,
    pub(crate) depth: usize,
    pub(crate) least: u64,
    pub(crate) siblings: usize,
    pub(crate) lines: usize,
    pub(crate) width: usize,
}

/// Prints the spans as a tree with bars.
pub(crate) fn print(screen: &mut Screen, timeline: &Timeline, limits: Limits) -> Result<(), Failure> {
    const DURATION: usize = 12;
    let cut = Cut {
        trace: limits.trace,
        depth: limits.depth,
        least: limits.least,
        siblings: limits.siblings,
    };
    let all = rows(timeline, cut);
    let name_width = (limits.width * 2 / 5).max(16);
    let bar_width = limits.width.saturating_sub(name_width + DURATION + 4).max(8);
    let whole = extent(timeline, &all);
    for row in all.iter().take(limits.lines) {
        match *row {
            Row::Span { index, depth } => {
                let span = timeline.span(index);
                let name = label(depth, timeline.text(span.name), name_width);
                let duration = units::duration(span.duration());
                let style = match (span.state, span.status) {
                    (SpanState::Open, _) => WARNING,
                    (_, SpanStatus::Error) => BAD,
                    _ => GOOD,
                };
                let bar = screen.paint(style, whole.draw(span.start.0, span.end.0, bar_width));
                let note = note(timeline, index);
                writeln!(
                    screen,
                    "{name} {duration:>DURATION$}  {bar}{}",
                    screen.paint(style, note)
                )?;
            }
            Row::Folded {
                depth,
                name,
                count,
                total,
                errors,
            } => {
                let text = format!("... {} more {}", units::grouped(count), timeline.text(name));
                let label = label(depth, &text, name_width);
                let total = units::duration(total);
                let failed = if errors > 0 {
                    format!(", {} failed", units::grouped(errors))
                } else {
                    String::new()
                };
                let line = screen.paint(FAINT, format!("{label} {total:>DURATION$}  together{failed}"));
                writeln!(screen, "{line}")?;
            }
        }
    }
    if all.len() > limits.lines {
        let left = units::counted((all.len() - limits.lines) as u64, "line");
        writeln!(
            screen,
            "{}",
            screen.paint(FAINT, format!("... {left} more: --lines shows them"))
        )?;
    }
    Ok(())
}

/// From the first start to the last end of what is shown.
fn extent(timeline: &Timeline, rows: &[Row]) -> Extent {
    let spans = rows.iter().filter_map(|row| match row {
        Row::Span { index, .. } => Some(timeline.span(*index)),
        Row::Folded { .. } => None,
    });
    let (mut from, mut to) = (u64::MAX, 0);
    for span in spans {
        from = from.min(span.start.0);
        to = to.max(span.end.0);
    }
    Extent {
        from: from.min(to),
        to,
    }
}

/// The name, indented by its depth and cut to the width.
fn label(depth: usize, name: &str, width: usize) -> String {
    const DEEPEST: usize = 12;
    let text = Visible(name).to_string();
    let indent = "  ".repeat(depth.min(DEEPEST));
    let room = width.saturating_sub(indent.len());
    let length = text.chars().count();
    if length <= room {
        return format!("{indent}{text}{}", " ".repeat(room - length));
    }
    let kept: String = text.chars().take(room.saturating_sub(3)).collect();
    format!("{indent}{kept}...")
}

fn note(timeline: &Timeline, index: telensic_forensics::timeline::SpanIndex) -> String {
    let span = timeline.span(index);
    let mut note = String::new();
    if span.state == SpanState::Open {
        note.push_str(" still open");
    }
    if span.is_orphan() {
        note.push_str(" orphan");
    }
    if span.status == SpanStatus::Error {
        let message = timeline
            .span_view(index)
            .map(|view| view.status.message)
            .unwrap_or_default();
        note.push_str(" error");
        if !message.is_empty() {
            note.push_str(": ");
            note.push_str(&Visible(message).to_string().chars().take(60).collect::<String>());
        }
    }
    note
}
