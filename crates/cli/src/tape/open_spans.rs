//! The spans that were started and not ended.

use std::io::Write;

use serde::{Serialize, Serializer};
use telensic_tape::{OpenSpanRecord, Tape};

use super::selection::{Form, Selection};
use crate::exit::{Failure, Outcome};
use crate::json;
use crate::screen::{FAINT, STRONG, Screen};
use telensic_run::Visible;

/// Prints the open spans that are selected; damage of the layout is said on stderr and makes the outcome.
pub(crate) fn print(
    tape: &Tape,
    form: Form,
    selection: &mut Selection,
    screen: &mut Screen,
) -> Result<Outcome, Failure> {
    let path = tape.path().display();
    for damage in tape.damage() {
        screen.complain(&format!("{path}: {damage}"))?;
    }
    let open = match tape.open_spans() {
        Ok(open) => open,
        Err(error) => {
            screen.complain(&format!("cannot read the open spans of {path}: {error}"))?;
            return Ok(Outcome::NotDone);
        }
    };
    for span in &open {
        if selection.left == 0 {
            break;
        }
        if !selection.takes(Some(span.trace_id)) {
            continue;
        }
        match form {
            Form::Text => print_line(screen, span, "")?,
            Form::Json => json::write_line(screen, &OpenSpan(span))?,
        }
        selection.left -= 1;
    }
    Ok(if tape.damage().is_empty() {
        Outcome::Fine
    } else {
        Outcome::FoundWrong
    })
}

/// `<start> <name> thread=<n> trace=<id> span=<id> parent=<id>`.
pub(super) fn print_line(screen: &mut Screen, span: &OpenSpanRecord, indent: &str) -> std::io::Result<()> {
    let parent = span
        .parent
        .map_or_else(String::new, |parent| format!(" parent={parent}"));
    let ids = format!("trace={} span={}{parent}", span.trace_id, span.span_id);
    let since = screen.paint(FAINT, span.start);
    let name = screen.paint(STRONG, Visible(&span.name));
    let ids = screen.paint(FAINT, ids);
    writeln!(screen, "{indent}{since} {name} thread={} {ids}", span.thread)
}

/// An open span with OTLP's names for what a span has.
pub(super) struct OpenSpan<'a>(pub(super) &'a OpenSpanRecord);

impl Serialize for OpenSpan<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Fields<'a> {
            trace_id: String,
            span_id: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            parent_span_id: Option<String>,
            name: &'a str,
            start_time_unix_nano: String,
            thread: u32,
        }
        let Self(span) = self;
        Fields {
            trace_id: span.trace_id.to_string(),
            span_id: span.span_id.to_string(),
            parent_span_id: span.parent.map(|parent| parent.to_string()),
            name: &span.name,
            start_time_unix_nano: span.start.0.to_string(),
            thread: span.thread,
        }
        .serialize(serializer)
    }
}
