//! The input: synthetic net asset values, the same on every machine, in a file of which a cell can be changed.

use std::fs;

use ith::ith::NavSeries;
use ith::nav::write_csv;
use ith::synthetic;
use serde::Serialize;

use super::Place;
use crate::exit::Failure;

const SEED: u64 = 42;
const BARS: usize = 2_500;
/// How many series there are, a sleeve each.
pub(crate) const SERIES: usize = 4;
/// The series and the row of the cell that is changed.
const CELL: (usize, usize) = (2, 1_502);

/// The content of the input file.
pub(crate) struct Nav(Vec<NavSeries>);

/// A cell that was changed.
#[derive(Debug, Serialize)]
pub(crate) struct ChangedCell {
    /// The column's name.
    pub(crate) column: String,
    /// The row, from 0, the header not among them.
    pub(crate) row: u64,
    pub(crate) before: f64,
    pub(crate) after: f64,
}

impl Nav {
    /// As it is at first.
    pub(crate) fn new() -> Self {
        Self(
            (0..SERIES)
                .map(|number| synthetic::series(SEED, number, BARS))
                .collect(),
        )
    }

    /// Writes it to where the pipeline reads it.
    pub(crate) fn write(&self, place: &Place) -> Result<(), Failure> {
        let path = place.nav();
        fs::write(&path, write_csv(&self.0)).map_err(|error| {
            Failure::Told(format!(
                "cannot write {}: {error}: name a directory that is writable with --data",
                path.display()
            ))
        })
    }

    /// Moves the decimal point of one cell, as happens at the best of vendors.
    pub(crate) fn change_a_cell(&mut self) -> ChangedCell {
        let (series, row) = CELL;
        let series = &mut self.0[series];
        let before = series.nav[row];
        series.nav[row] = before * 10.0;
        ChangedCell {
            column: series.name.clone(),
            row: row as u64,
            before,
            after: series.nav[row],
        }
    }
}
