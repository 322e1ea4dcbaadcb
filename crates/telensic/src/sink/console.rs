//! The sink that writes to the console: for people on a terminal, as JSON lines otherwise.
//!
//! Writing blocks as long as the reader of a full pipe does not read, but only the clerk, never the program. When
//! the reader is gone, lines are counted as lost and nothing more is written. A console that was made non-blocking gets
//! the lines it does not take now in later rounds.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use telensic_tape::otlp::{LogView, ScopeView};

use super::human::HumanWriter;
use super::layout::LineWriter;
use super::lines::Lines;
use super::log_sink::LogSink;
use super::options::LogLayout;
use super::origin::LogOrigin;
use super::record::Record;
use super::trouble::{Doing, Report, Troubles};

/// How a line on the console looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsoleForm {
    /// For people.
    Human {
        /// Whether levels and keys have colours.
        colours: bool,
    },
    /// As in the files.
    Json(LogLayout),
}

impl ConsoleForm {
    /// For people if stderr is a terminal, with colours unless `NO_COLOR` is set or the terminal is `dumb`; else
    /// JSON of this layout.
    pub(crate) fn of_stderr(layout: LogLayout) -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        if io::stderr().is_terminal() {
            Self::Human {
                colours: set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb"),
            }
        } else {
            Self::Json(layout)
        }
    }
}

enum Writer {
    Human(HumanWriter),
    Json(LineWriter),
}

/// Writes log records to the console; see the [module](self).
pub(crate) struct ConsoleSink {
    out: Box<dyn Write + Send>,
    origin: Arc<LogOrigin>,
    writer: Writer,
    lines: Lines,
    /// Bytes of a line that a non-blocking console took only in part.
    begun: Vec<u8>,
    troubles: Troubles,
    gone: bool,
    lost: u64,
}

/// How many bytes may wait for a console that would block.
const MOST_WAITING: usize = 1 << 20;

impl ConsoleSink {
    /// Writes to stderr.
    pub(crate) fn stderr(form: ConsoleForm, origin: Arc<LogOrigin>, report: Report) -> Self {
        Self::to(Box::new(io::stderr()), form, origin, report)
    }

    /// Writes to anything.
    pub(crate) fn to(
        out: Box<dyn Write + Send>,
        form: ConsoleForm,
        origin: Arc<LogOrigin>,
        report: Report,
    ) -> Self {
        let writer = match form {
            ConsoleForm::Human { colours } => Writer::Human(HumanWriter::new(colours)),
            ConsoleForm::Json(layout) => Writer::Json(LineWriter::new(layout, Arc::clone(&origin))),
        };
        Self {
            out,
            origin,
            writer,
            lines: Lines::default(),
            begun: Vec::new(),
            troubles: Troubles::new(report),
            gone: false,
            lost: 0,
        }
    }

    /// Writes the lines that wait; those that a non-blocking console does not take now stay.
    fn write_out(&mut self) -> io::Result<()> {
        let (done, outcome) = write_some(&mut *self.out, &self.begun);
        self.begun.drain(..done);
        outcome?;
        let text = self.lines.text(0..self.lines.count());
        let (done, outcome) = write_some(&mut *self.out, text);
        let whole = self.lines.fitting(0, done as u64);
        let after_whole = self.lines.text(0..whole).len();
        if done > after_whole {
            let begun = self.lines.text(whole..whole + 1);
            self.begun.extend_from_slice(&begun[done - after_whole..]);
            self.lines.drop_first(whole + 1);
        } else if whole > 0 {
            self.lines.drop_first(whole);
        }
        outcome?;
        self.out.flush()
    }

    fn give_up_all(&mut self) {
        self.lost += self.lines.count() as u64 + u64::from(!self.begun.is_empty());
        self.lines.drop_first(self.lines.count());
        self.begun.clear();
    }
}

/// Writes until all is written or an error comes; returns how much was.
fn write_some(out: &mut dyn Write, text: &[u8]) -> (usize, io::Result<()>) {
    let mut done = 0;
    while done < text.len() {
        match out.write(&text[done..]) {
            Ok(0) => return (done, Err(io::ErrorKind::WriteZero.into())),
            Ok(count) => done += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (done, Err(error)),
        }
    }
    (done, Ok(()))
}

impl LogSink for ConsoleSink {
    fn record(&mut self, scope: &ScopeView<'_>, log: &LogView<'_>) {
        if self.gone {
            self.lost += 1;
            return;
        }
        let record = Record::new(scope, log, &self.origin);
        self.lines.push(record.time, |out| match &mut self.writer {
            Writer::Human(writer) => writer.put(out, &record),
            Writer::Json(writer) => writer.put(out, &record),
        });
        if self.lines.bytes() > MOST_WAITING {
            self.end_of_round();
        }
    }

    fn end_of_round(&mut self) {
        if self.lines.is_empty() && self.begun.is_empty() {
            return;
        }
        self.lines.end_round();
        match self.write_out() {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if let Some(excess @ 1..) = self.lines.bytes().checked_sub(MOST_WAITING) {
                    self.lost += self.lines.drop_oldest(excess);
                    self.troubles.tell(Doing::Console, Path::new("stderr"), &error);
                }
            }
            // Who closed the pipe does not want to hear of it.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                self.give_up_all();
            }
            Err(error) => {
                self.troubles.tell(Doing::Console, Path::new("stderr"), &error);
                self.give_up_all();
            }
        }
    }

    fn flush(&mut self) {
        self.end_of_round();
    }

    fn close(&mut self) {
        self.end_of_round();
        self.give_up_all();
    }

    fn lost_lines(&self) -> u64 {
        self.lost
    }
}
