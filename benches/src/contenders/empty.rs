//! The loop with nothing in it: what the harness itself costs, the floor of the small figures.

use std::hint::black_box;

use super::{Contender, Track};
use crate::Outcome;
use crate::scenario::Scenario;
use crate::tally::Tally;
use crate::workload::Rows;

pub(crate) const CONTENDER: Contender = Contender {
    name: "empty loop",
    note: "The harness alone: the four values are made and thrown away. No figure has it subtracted.",
    scenarios: &[Scenario::UnsampledChild, Scenario::Disabled],
    enter: |_, _| Ok(Box::new(Empty)),
};

struct Empty;

impl Track for Empty {
    fn record(&self, rows: Rows) {
        for row in rows {
            black_box(row.rows);
        }
    }

    fn read_back(&self, _tally: &mut Tally) -> Outcome<()> {
        Ok(())
    }
}
