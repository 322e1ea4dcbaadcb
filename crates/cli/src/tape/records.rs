//! The records of a tape, one after the other.
//!
//! Invariant: no more than one chunk is in memory, whatever the size of the tape.

use std::io::{self, Write};

use telensic_tape::otlp::{LogView, Malformed, SpanView};
use telensic_tape::{Damage, Signal, Tape};

use super::selection::{Form, Selection};
use super::{otlp_json, record_text};
use crate::exit::{Failure, Outcome};
use crate::screen::Screen;

/// Prints what is selected; what is damaged is said on stderr and makes the outcome.
pub(crate) fn print(
    tape: &Tape,
    form: Form,
    selection: &mut Selection,
    screen: &mut Screen,
) -> Result<Outcome, Failure> {
    let mut damaged = Damaged { tape, any: false };
    for damage in tape.damage() {
        damaged.say(screen, damage)?;
    }
    for chunk in tape
        .chunks()
        .filter(|chunk| selection.signal.is_none_or(|wanted| wanted == chunk.signal()))
    {
        if !selection.wants(chunk.signal()) {
            break;
        }
        // Every tape has some, of the recorder itself: the summary counts them.
        if chunk.signal() == Signal::Metrics {
            continue;
        }
        let body = match tape.body(chunk) {
            Ok(body) => body,
            // Overwritten by newer records while a live ring is read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                let error = error.to_string();
                damaged.say(
                    screen,
                    &Damage::Unreadable {
                        chunk: chunk.id(),
                        error,
                    },
                )?;
                continue;
            }
        };
        for (number, record) in (0..).zip(body.records()) {
            if !selection.wants(chunk.signal()) {
                break;
            }
            let line = record.and_then(|record| match chunk.signal() {
                Signal::Spans => span(record, form, selection, screen),
                _ => log(record, form, selection, screen),
            });
            match line {
                Ok(None) => {}
                Ok(Some(mut line)) => {
                    line.push('\n');
                    screen.write_all(line.as_bytes())?;
                    selection.left -= 1;
                }
                Err(Malformed) => {
                    let (chunk, record) = (chunk.id(), number);
                    damaged.say(screen, &Damage::BadRecord { chunk, record })?;
                }
            }
        }
    }
    Ok(if damaged.any {
        Outcome::FoundWrong
    } else {
        Outcome::Fine
    })
}

fn span(
    record: &[u8],
    form: Form,
    selection: &Selection,
    screen: &Screen,
) -> Result<Option<String>, Malformed> {
    let span = SpanView::parse(record)?;
    if !selection.takes(Some(span.trace_id)) {
        return Ok(None);
    }
    match form {
        Form::Text => record_text::span(screen, &span),
        Form::Json => otlp_json::span(&span),
    }
    .map(Some)
}

fn log(
    record: &[u8],
    form: Form,
    selection: &Selection,
    screen: &Screen,
) -> Result<Option<String>, Malformed> {
    let log = LogView::parse(record)?;
    if !selection.takes(log.trace_id) {
        return Ok(None);
    }
    match form {
        Form::Text => record_text::log(screen, &log),
        Form::Json => otlp_json::log(&log),
    }
    .map(Some)
}

struct Damaged<'a> {
    tape: &'a Tape,
    any: bool,
}

impl Damaged<'_> {
    fn say(&mut self, screen: &mut Screen, damage: &Damage) -> io::Result<()> {
        self.any = true;
        screen.complain(&format!("{}: {damage}", self.tape.path().display()))
    }
}
