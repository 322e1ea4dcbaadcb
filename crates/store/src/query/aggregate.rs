//! Counts, rates and percentiles by group and time bucket.

use std::time::Duration;

use arrow_array::{Array, Float64Array, Int32Array, Int64Array, RecordBatch};
use hashbrown::HashMap;
use telensic_tape::{Signal, UnixNanos};

use super::distribution::Distribution;
use crate::columns::{WordsColumn, name, optional, times, words};
use crate::error::{StoreError, StoreErrorKind};
use crate::scan::{Limits, Meter, Plan, Predicate, Projection, fold};
use crate::segment::time_column;
use crate::store::Store;
use crate::tenant::Tenant;

/// What is counted, and by what.
#[derive(Clone, Debug)]
pub struct Aggregation {
    /// Spans, log records or data points.
    pub signal: Signal,
    /// Whose.
    pub tenant: Tenant,
    /// What they must fulfil.
    pub predicate: Predicate,
    /// Columns of texts; rows that have the same in all of them are one group.
    pub by: Vec<String>,
    /// How long a bucket of time is; `None` for one that holds all.
    pub bucket: Option<Duration>,
    /// A column of numbers whose distribution is wanted; `duration` for spans.
    pub of: Option<String>,
    /// What it may cost.
    pub limits: Limits,
}

/// A group in a bucket of time.
#[derive(Clone, Debug)]
pub struct Group {
    /// The texts of the columns that it was grouped by.
    pub by: Vec<Option<String>>,
    /// When the bucket begins.
    pub bucket: UnixNanos,
    /// How many rows.
    pub rows: u64,
    /// How many of them are spans with status error.
    pub errors: u64,
    /// The numbers that were asked for.
    pub values: Distribution,
}

impl Store {
    /// The groups, by their texts and time.
    pub fn aggregate(&self, aggregation: &Aggregation) -> Result<Vec<Group>, StoreError> {
        let signal = aggregation.signal;
        let mut columns: Vec<&str> = aggregation.by.iter().map(String::as_str).collect();
        columns.extend(aggregation.of.as_deref());
        columns.extend(aggregation.bucket.map(|_| time_column(signal)));
        columns.extend((signal == Signal::Spans).then_some(name::STATUS_CODE));
        let projection = Projection::of(columns);
        let plan = Plan::new(
            signal,
            aggregation.predicate.clone(),
            projection,
            Meter::start(aggregation.limits),
        )?;
        let sources = self.sources(signal, &aggregation.tenant);
        let states = fold(&plan, sources, Groups::default, |groups, batch| {
            groups.add(aggregation, batch, &plan.meter)
        })?;
        Ok(joined(states))
    }
}

/// The texts of a group by their numbers, and the bucket.
type Key = (Vec<u32>, i64);

/// Groups under construction.
#[derive(Debug, Default)]
struct Groups {
    words: Vec<String>,
    numbers: HashMap<String, u32>,
    places: HashMap<Key, usize>,
    groups: Vec<Tally>,
}

#[derive(Debug)]
struct Tally {
    key: Key,
    rows: u64,
    errors: u64,
    values: Distribution,
}

/// The number that stands for no text.
const NONE: u32 = u32::MAX;
/// What a group takes, roughly.
const GROUP_BYTES: usize = 256;

impl Groups {
    fn add(&mut self, wanted: &Aggregation, batch: &RecordBatch, meter: &Meter) -> Result<(), StoreError> {
        let columns = wanted.by.iter().map(|column| words(batch, column));
        let columns = columns.collect::<Result<Vec<WordsColumn<'_>>, _>>()?;
        // Words are looked up once a batch.
        let numbers: Vec<Vec<u32>> = columns
            .iter()
            .map(|column| {
                (0..column.words())
                    .map(|place| self.number(column.word(place)))
                    .collect()
            })
            .collect();
        let time = match wanted.bucket {
            Some(_) => Some(times(batch, time_column(wanted.signal))?.values()),
            None => None,
        };
        let width = wanted.bucket.map_or(1, |bucket| bucket.as_nanos().max(1) as i64);
        let status = optional::<Int32Array>(batch, name::STATUS_CODE);
        let values = wanted
            .of
            .as_deref()
            .map(|column| Numbers::of(batch, column))
            .transpose()?;
        let mut key: Key = (vec![NONE; columns.len()], 0);
        let mut last: Option<(Key, usize)> = None;
        for row in 0..batch.num_rows() {
            for ((number, column), numbers) in key.0.iter_mut().zip(&columns).zip(&numbers) {
                *number = column.place(row).map_or(NONE, |place| numbers[place]);
            }
            key.1 = time.map_or(0, |time| time[row].div_euclid(width) * width);
            let place = match &last {
                Some((before, place)) if *before == key => *place,
                _ => {
                    let place = self.place(&key, meter)?;
                    last = Some((key.clone(), place));
                    place
                }
            };
            let tally = &mut self.groups[place];
            tally.rows += 1;
            tally.errors +=
                u64::from(status.is_some_and(|status| status.is_valid(row) && status.value(row) == 2));
            if let Some(value) = values.as_ref().and_then(|values| values.get(row)) {
                tally.values.add(value);
            }
        }
        Ok(())
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    fn place(&mut self, key: &Key, meter: &Meter) -> Result<usize, StoreError> {
        if let Some(place) = self.places.get(key) {
            return Ok(*place);
        }
        meter.keep(GROUP_BYTES)?;
        let place = self.groups.len();
        self.groups.push(Tally {
            key: key.clone(),
            rows: 0,
            errors: 0,
            values: Distribution::default(),
        });
        self.places.insert(key.clone(), place);
        Ok(place)
    }

    fn text(&self, number: u32) -> Option<String> {
        self.words.get(number as usize).cloned()
    }
}

/// A column of numbers of any type.
enum Numbers<'a> {
    Int(&'a Int64Array),
    Double(&'a Float64Array),
}

impl<'a> Numbers<'a> {
    fn of(batch: &'a RecordBatch, column: &str) -> Result<Self, StoreError> {
        let int = optional(batch, column).map(Self::Int);
        int.or_else(|| optional(batch, column).map(Self::Double))
            .ok_or_else(|| {
                StoreError::new(
                    StoreErrorKind::Invalid,
                    format!("{column} is no column of numbers"),
                )
            })
    }

    fn get(&self, row: usize) -> Option<f64> {
        match self {
            Self::Int(values) => values.is_valid(row).then(|| values.value(row) as f64),
            Self::Double(values) => values.is_valid(row).then(|| values.value(row)),
        }
    }
}

/// What all cores found, put together and sorted.
fn joined(states: Vec<Groups>) -> Vec<Group> {
    let mut all: HashMap<(Vec<Option<String>>, i64), Group> = HashMap::new();
    for state in states {
        for tally in &state.groups {
            let by: Vec<_> = tally.key.0.iter().map(|number| state.text(*number)).collect();
            let group = all.entry((by.clone(), tally.key.1)).or_insert_with(|| Group {
                by,
                bucket: UnixNanos(tally.key.1 as u64),
                rows: 0,
                errors: 0,
                values: Distribution::default(),
            });
            group.rows += tally.rows;
            group.errors += tally.errors;
            group.values.join(&tally.values);
        }
    }
    let mut groups: Vec<Group> = all.into_values().collect();
    groups.sort_by(|one, other| (&one.by, one.bucket).cmp(&(&other.by, other.bucket)));
    groups
}
