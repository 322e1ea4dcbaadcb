//! The demonstration as it is told: a heading a step, the command that one would type, and in short what it says.
//!
//! Every step is on the screen before the next one begins, so that whoever waits knows what for.

use std::fmt::Display;
use std::io::{self, Write};

use telensic_forensics::Health;
use telensic_forensics::diff::Diff;
use telensic_forensics::health::StageStatus;
use telensic_run::Visible;

use super::Place;
use super::nav::{ChangedCell, SERIES};
use super::pipeline::WORKERS;
use super::story::Story;
use crate::readings::Report;
use crate::recovery::Recovered;
use crate::runs::standing;
use crate::screen::{BAD, FAINT, GOOD, STRONG, Screen};
use crate::units::{bytes, counted, duration, grouped};
use crate::verdict::{Answer, Finality};

/// Longer lines of a diff are cut: one can type the command.
const LONGEST: usize = 110;

/// Tells it on a screen, or not at all.
pub(crate) struct Teller<'s, 'p> {
    screen: Option<&'s mut Screen>,
    place: &'p Place,
}

impl<'s, 'p> Teller<'s, 'p> {
    /// Tells what happens in this place; without a screen it keeps silent.
    pub(crate) fn new(screen: Option<&'s mut Screen>, place: &'p Place) -> Self {
        Self { screen, place }
    }

    /// What this is, and that the first run begins.
    pub(super) fn begins(&mut self) -> io::Result<()> {
        let place = self.place.path().display().to_string();
        let opening = format!("Telensic records a pipeline three times, into {place}.");
        self.write(|screen| writeln!(screen, "{}", Visible(&opening)))?;
        self.heading(&format!(
            "1  A pipeline runs: {SERIES} sleeves, {WORKERS} at a time, each in a process of its own"
        ))
    }

    /// How the first run did.
    pub(super) fn ran(&mut self, report: &Report) -> io::Result<()> {
        let (health, timeline) = (&report.health, &report.view.timeline);
        self.line(&format!(
            "{} after {}: {}, {} of {}",
            standing(&report.view.manifest).text(),
            duration(health.wall_ns),
            counted(timeline.spans().len() as u64, "span"),
            counted(timeline.logs().len() as u64, "log record"),
            counted_processes(timeline.processes().len())
        ))?;
        self.write(|screen| stages(screen, health))?;
        let is_well = health.error_spans == 0 && health.gaps.total == 0;
        let wrong = if is_well {
            "nothing failed, nothing is missing"
        } else {
            "something failed or is missing"
        };
        let at_once = health.parallelism.speedup;
        self.line(&format!(
            "{wrong}; {at_once:.1} things were done at once on average"
        ))?;
        self.line(&report.view.dir.path().display().to_string())
    }

    /// Whether its record is whole.
    pub(super) fn proven(&mut self, answer: &Answer) -> io::Result<()> {
        self.heading("2  Is that record complete and unaltered?")?;
        self.command(&format!("verify {}", answer.run_id))?;
        self.answer(answer)
    }

    /// That a cell is changed, and the second run begins.
    pub(super) fn changed(&mut self, cell: &ChangedCell) -> io::Result<()> {
        self.heading("3  A cell of its input changes, and it runs again: where do the two part, and why?")?;
        self.line(&format!(
            "nav.csv, column {}, row {}: {} becomes {}",
            cell.column,
            grouped(cell.row),
            cell.before,
            cell.after
        ))
    }

    /// How the second run differs.
    pub(super) fn differs(&mut self, diff: &Diff) -> io::Result<()> {
        self.command(&format!("diff {} {}", diff.a, diff.b))?;
        // The verdict, and why; what follows are the lists.
        let text = diff.to_string();
        let head = text.split("\n\n").take(2);
        let mut lines = head.flat_map(str::lines);
        lines.try_for_each(|line| match line.char_indices().nth(LONGEST) {
            Some((at, _)) => self.line(&format!("{} ...", &line[..at])),
            None => self.line(line),
        })
    }

    /// That the third run begins.
    pub(super) fn dies(&mut self) -> io::Result<()> {
        self.heading("4  It runs once more, and is killed in the middle with all its workers: kill -9")
    }

    /// What was left of it.
    pub(super) fn recovered(&mut self, recovered: &Recovered, answer: &Answer) -> io::Result<()> {
        self.command(&format!("recover {}", recovered.run_id))?;
        self.line(recovered.done)?;
        if let Some(error) = &recovered.error {
            self.line(error)?;
        }
        self.answer(answer)
    }

    /// Where to go on from here.
    pub(super) fn ends(&mut self, story: &Story) -> io::Result<()> {
        self.heading("5  Look for yourself")?;
        self.line(&story.report)?;
        let commands = story.next.iter();
        commands
            .map(String::as_str)
            .try_for_each(|command| self.line(command))
    }

    fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        let (word, style) = match answer.verdict {
            Finality::Verified => ("verified", GOOD),
            Finality::NotSealed => ("NOT SEALED", BAD),
            Finality::FoundWrong => ("NOT VERIFIED", BAD),
        };
        let sealed = answer.sequence.map_or_else(String::new, |sequence| {
            format!("; sealed, number {sequence} in the ledger")
        });
        let rest = format!(
            "{}, {}, {}{sealed}",
            counted(answer.files, "file"),
            bytes(answer.bytes),
            counted(answer.records, "record")
        );
        self.write(|screen| {
            let word = screen.paint(style, word);
            writeln!(screen, "   {word}: {rest}")
        })?;
        answer.findings.iter().try_for_each(|finding| self.line(finding))
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        self.write(|screen| {
            let text = screen.paint(STRONG, text);
            writeln!(screen, "\n{text}")
        })
    }

    /// A command as one would type it.
    fn command(&mut self, words: &str) -> io::Result<()> {
        let command = self.place.command(words);
        self.write(|screen| {
            let command = screen.paint(FAINT, format!("$ {}", Visible(&command)));
            writeln!(screen, "   {command}")
        })
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        self.write(|screen| writeln!(screen, "   {}", Visible(text)))
    }

    fn write(&mut self, write: impl FnOnce(&mut Screen) -> io::Result<()>) -> io::Result<()> {
        let Some(screen) = self.screen.as_deref_mut() else {
            return Ok(());
        };
        write(screen)?;
        screen.flush()
    }
}

fn counted_processes(number: usize) -> impl Display {
    format!("{number} {}", if number == 1 { "process" } else { "processes" })
}

fn stages(screen: &mut Screen, health: &Health) -> io::Result<()> {
    for stage in &health.stages {
        let style = if stage.status == StageStatus::Ok {
            GOOD
        } else {
            BAD
        };
        writeln!(
            screen,
            "     {}  {:<18} {:>12}  {:>5.1} %",
            screen.paint(style, format!("{:<5}", stage.status.text())),
            Visible(&stage.id).to_string(),
            duration(stage.duration_ns),
            100.0 * stage.share
        )?;
    }
    Ok(())
}
