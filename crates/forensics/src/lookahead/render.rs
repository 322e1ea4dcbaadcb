//! Look-ahead as text.

use std::fmt;

use telensic_run::Visible;
use telensic_run::event::Moment;
use telensic_tape::UnixNanos;

use super::{Knowledge, Lookahead, Parting};

/// So many flags are written out; the rest is counted.
const MOST_FLAGS: usize = 20;

impl fmt::Display for Lookahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let judged = self.decisions - self.unjudged.len();
        match self.flags.len() {
            0 if judged == 0 => writeln!(
                f,
                "nothing to judge: no decision consumed a read that says when it was known"
            )?,
            0 => writeln!(
                f,
                "no look-ahead: none of {judged} decisions consumed anything known only later"
            )?,
            flagged => writeln!(
                f,
                "look-ahead: {flagged} of {judged} decisions consumed something known only later"
            )?,
        }
        for flag in self.flags.iter().take(MOST_FLAGS) {
            let source = flag
                .read
                .as_ref()
                .map_or("its own inputs", |read| read.source.as_str());
            writeln!(
                f,
                "  {} decided as of {} but consumed {}, {} {} ({} later), at {}",
                Visible(&flag.decision_id),
                Instant(flag.decided),
                Visible(source),
                flag.evidence.field(),
                Instant(flag.known),
                later(flag.known.0.abs_diff(flag.decided.0)),
                Visible(&flag.place),
            )?;
        }
        if self.flags.len() > MOST_FLAGS {
            writeln!(f, "  and {} more", self.flags.len() - MOST_FLAGS)?;
        }
        if !self.unjudged.is_empty() {
            let first = &self.unjudged[0];
            writeln!(
                f,
                "  {} decisions cannot be judged; the first is {}: {}",
                self.unjudged.len(),
                Visible(&first.decision_id),
                Visible(&first.reason)
            )?;
        }
        writeln!(
            f,
            "  {} reads, {} of them undated",
            self.reads, self.undated_reads
        )
    }
}

impl fmt::Display for Parting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = &self.first else {
            return writeln!(
                f,
                "{}: {} decisions rest on the same knowledge in both; {} only live, {} only in the backtest",
                if self.is_same() { "same" } else { "other decisions" },
                self.paired,
                self.only_live,
                self.only_backtest
            );
        };
        writeln!(
            f,
            "they part at decision {} (backtest: {}), at {}; {} of {} decisions rest on different knowledge",
            Visible(&first.live_decision),
            Visible(&first.backtest_decision),
            Visible(&first.place),
            self.parted,
            self.paired
        )?;
        for source in &first.sources {
            writeln!(
                f,
                "  {}: live {}, backtest {}",
                Visible(&source.source),
                Told(source.live.as_ref()),
                Told(source.backtest.as_ref())
            )?;
        }
        Ok(())
    }
}

struct Told<'a>(Option<&'a Knowledge>);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(knowledge) = self.0 else {
            return f.write_str("had not read it");
        };
        match knowledge.known {
            Some(known) => write!(f, "knew it up to {}", Instant(known))?,
            None => f.write_str("knew an undated state of it")?,
        }
        match &knowledge.hash {
            Some(hash) => write!(f, " ({})", Visible(hash.get(..12).unwrap_or(hash))),
            None => Ok(()),
        }
    }
}

/// A moment as people write it.
struct Instant(Moment);

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(nanos) = u64::try_from(self.0.0) else {
            return write!(f, "{} ns", self.0.0);
        };
        let at = UnixNanos(nanos).civil();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z",
            at.year,
            at.month,
            at.day,
            at.hour,
            at.minute,
            at.second,
            nanos % 1_000_000_000
        )
    }
}

fn later(nanos: u64) -> String {
    let seconds = nanos as f64 / 1e9;
    match seconds {
        86_400.0.. => format!("{:.1} days", seconds / 86_400.0),
        3_600.0.. => format!("{:.1} h", seconds / 3_600.0),
        60.0.. => format!("{:.1} min", seconds / 60.0),
        _ => format!("{seconds:.3} s"),
    }
}
