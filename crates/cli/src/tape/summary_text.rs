//! Summaries as they are printed: blocks for people, one JSON document for programs.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use telensic_tape::{UnixNanos, WriterState};

use super::Summary;
use super::open_spans::print_line;
use super::selection::Form;
use crate::json;
use crate::screen::{BAD, GOOD, STRONG, Screen, WARNING};
use crate::units::{bytes, counted, duration, grouped};
use telensic_run::Visible;

/// Open spans that are shown before `--open` is pointed to.
const MOST_OPEN: usize = 20;

/// A wall clock that was set by less than this is just an ordinary clock.
const STEP_WORTH_A_WORD: u64 = 1_000_000;

/// Prints one tape after the other.
pub(crate) struct SummaryPrinter {
    form: Form,
    printed: u64,
}

#[derive(Serialize)]
struct Unreadable<'a> {
    path: String,
    error: &'a str,
}

impl SummaryPrinter {
    pub(crate) fn new(form: Form) -> Self {
        Self { form, printed: 0 }
    }

    /// Prints a tape.
    pub(crate) fn print(&mut self, screen: &mut Screen, summary: &Summary) -> io::Result<()> {
        match self.form {
            Form::Json => self.print_json(screen, summary),
            Form::Text => {
                if self.printed > 0 {
                    writeln!(screen)?;
                }
                self.printed += 1;
                print_block(screen, summary)
            }
        }
    }

    /// Notes in the document what could not be read; people have been told on stderr.
    pub(crate) fn unreadable(&mut self, screen: &mut Screen, path: &Path, error: &str) -> io::Result<()> {
        let path = path.display().to_string();
        match self.form {
            Form::Json => self.print_json(screen, &Unreadable { path, error }),
            Form::Text => Ok(()),
        }
    }

    /// Ends the document.
    pub(crate) fn finish(self, screen: &mut Screen) -> io::Result<()> {
        match self.form {
            Form::Json if self.printed == 0 => screen.write_all(b"{\"tapes\":[]}\n"),
            Form::Json => screen.write_all(b"]}\n"),
            Form::Text => Ok(()),
        }
    }

    fn print_json(&mut self, screen: &mut Screen, entry: &impl Serialize) -> io::Result<()> {
        screen.write_all(if self.printed > 0 { b",\n" } else { b"{\"tapes\":[" })?;
        self.printed += 1;
        Ok(json::write(screen, entry)?)
    }
}

fn print_block(screen: &mut Screen, summary: &Summary) -> io::Result<()> {
    writeln!(screen, "{}", screen.paint(STRONG, Visible(&summary.path)))?;
    print_head(screen, summary)?;
    print_contents(screen, summary)?;
    print_chunks(screen, summary)?;
    print_open_spans(screen, summary)?;
    print_damage(screen, summary)
}

fn print_head(screen: &mut Screen, summary: &Summary) -> io::Result<()> {
    let text = |text: &Option<String>| Visible(text.as_deref().unwrap_or_default()).to_string();
    let mut service = text(&summary.service);
    if service.is_empty() {
        service.push_str("not named");
    }
    for (before, part) in [
        (" ", text(&summary.service_version)),
        (", ", text(&summary.environment)),
    ] {
        if !part.is_empty() {
            service.push_str(before);
            service.push_str(&part);
        }
    }
    line(screen, "service", service)?;
    if summary.run_id.is_some() {
        line(screen, "run", text(&summary.run_id))?;
    }
    let state = match summary.state {
        WriterState::Closed => screen.paint(GOOD, "closed in order"),
        WriterState::Live => screen.paint(GOOD, "live: the process is recording"),
        WriterState::Died => screen.paint(BAD, "died: the process is gone and did not close the tape"),
        WriterState::Unknown => screen.paint(
            WARNING,
            "not closed; whether the process lives cannot be seen from here",
        ),
    };
    let host = Visible(&summary.host);
    line(
        screen,
        "process",
        format_args!("{} on {host}, {state}", summary.pid),
    )?;
    line(screen, "started", UnixNanos(summary.started_unix_nano))?;
    match summary.budget_bytes {
        Some(budget) => line(screen, "mode", format_args!("ring of {}", bytes(budget)))?,
        None => line(screen, "mode", "run: everything is kept")?,
    }
    let mut clock = summary.clock.source.to_owned();
    let step = summary.clock.step_nano;
    if step.unsigned_abs() > STEP_WORTH_A_WORD {
        let direction = if step > 0 { "ahead" } else { "back" };
        clock.push_str(&format!(
            ", the wall clock was set {direction} by {} meanwhile",
            duration(step.unsigned_abs())
        ));
    }
    line(screen, "clock", clock)?;
    let size = grouped(summary.file_bytes);
    line(
        screen,
        "file",
        format_args!("format {}, {size} bytes", summary.format_version),
    )?;
    let lost: Vec<String> = summary
        .lost
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(reason, count)| format!("{} {reason}", grouped(*count)))
        .collect();
    match lost.is_empty() {
        true => line(screen, "lost", "nothing")?,
        false => line(screen, "lost", screen.paint(WARNING, lost.join(", ")))?,
    }
    if summary.unlisted > 0 {
        let spans = counted(summary.unlisted, "span");
        let text = format!("{spans} could not be listed as open: the table was full");
        line(screen, "unlisted", screen.paint(WARNING, text))?;
    }
    Ok(())
}

fn line(screen: &mut Screen, name: &str, text: impl std::fmt::Display) -> io::Result<()> {
    writeln!(screen, "  {name:<9} {text}")
}

fn print_contents(screen: &mut Screen, summary: &Summary) -> io::Result<()> {
    if summary.contents.is_empty() {
        return line(screen, "records", "none");
    }
    let header = ["signal", "scope", "chunks", "records", "bytes", "first", "last"];
    let rows = summary.contents.iter().map(|content| {
        let scope = format!("{} {}", content.scope, content.scope_version);
        [
            content.signal.to_owned(),
            Visible(scope.trim_end()).to_string(),
            grouped(content.chunks),
            grouped(content.records),
            grouped(content.bytes),
            UnixNanos(content.first_unix_nano).to_string(),
            UnixNanos(content.last_unix_nano).to_string(),
        ]
    });
    print_table(screen, header, rows.collect(), 2..5)
}

fn print_chunks(screen: &mut Screen, summary: &Summary) -> io::Result<()> {
    const SHORT_HASH: usize = 12;
    let Some(chunks) = &summary.chunks else {
        return Ok(());
    };
    let header = [
        "chunk", "link", "thread", "records", "bytes", "state", "signal", "scope", "first", "last", "hash",
    ];
    let rows = chunks.iter().map(|chunk| {
        let unsent = if chunk.exported { "" } else { " (not exported)" };
        let scope = chunk.scope.as_deref().unwrap_or("?");
        [
            chunk.id.to_string(),
            chunk.link.map_or_else(|| "-".to_owned(), |link| link.to_string()),
            chunk.thread.to_string(),
            grouped(chunk.records),
            grouped(chunk.bytes),
            chunk.state.to_owned(),
            format!("{}{unsent}", chunk.signal),
            Visible(scope).to_string(),
            UnixNanos(chunk.first_unix_nano).to_string(),
            UnixNanos(chunk.last_unix_nano).to_string(),
            chunk
                .hash
                .as_deref()
                .map_or("-", |hash| &hash[..SHORT_HASH])
                .to_owned(),
        ]
    });
    print_table(screen, header, rows.collect(), 0..5)
}

/// Prints a table; the columns of `numbers` are aligned to the right.
fn print_table<const N: usize>(
    screen: &mut Screen,
    header: [&str; N],
    rows: Vec<[String; N]>,
    numbers: std::ops::Range<usize>,
) -> io::Result<()> {
    let header = header.map(str::to_owned);
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows
            .iter()
            .chain(std::iter::once(&header))
            .map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    });
    writeln!(screen)?;
    for row in std::iter::once(&header).chain(&rows) {
        let mut text = String::new();
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            if numbers.contains(&column) {
                text.push_str(&format!("  {cell:>width$}"));
            } else {
                text.push_str(&format!("  {cell:<width$}"));
            }
        }
        writeln!(screen, "{}", text.trim_end())?;
    }
    Ok(())
}

fn print_open_spans(screen: &mut Screen, summary: &Summary) -> io::Result<()> {
    let open = &summary.open_spans;
    if open.is_empty() {
        return Ok(());
    }
    let title = match summary.state {
        WriterState::Died => format!(
            "{} open when the process died",
            counted(open.len() as u64, "span")
        ),
        WriterState::Closed => format!("{} never ended", counted(open.len() as u64, "span")),
        _ => format!("{} open", counted(open.len() as u64, "span")),
    };
    writeln!(screen, "\n  {}", screen.paint(STRONG, title))?;
    for span in open.iter().take(MOST_OPEN) {
        print_line(screen, span, "  ")?;
    }
    if open.len() > MOST_OPEN {
        let more = grouped((open.len() - MOST_OPEN) as u64);
        writeln!(screen, "  and {more} more: --open lists all")?;
    }
    Ok(())
}

fn print_damage(screen: &mut Screen, summary: &Summary) -> io::Result<()> {
    writeln!(screen)?;
    if summary.damage.is_empty() {
        return match summary.checked {
            true => line(screen, "damage", screen.paint(GOOD, "none: every byte was read")),
            false => line(screen, "damage", "none in the layout; --check reads every byte"),
        };
    }
    line(
        screen,
        "damage",
        screen.paint(BAD, counted(summary.damage.len() as u64, "fault")),
    )?;
    for damage in &summary.damage {
        writeln!(screen, "  {}", screen.paint(BAD, Visible(&damage.to_string())))?;
    }
    Ok(())
}
