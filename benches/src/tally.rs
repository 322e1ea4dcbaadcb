//! The proof of delivery: what was read back is held against the workload. Every row must be there
//! once, with its name, its four attributes, its ids, its parent; nothing less is a result.

use std::collections::HashSet;

use crate::Outcome;
use crate::delivery::Delivered;
use crate::scenario::{SPANS_PER_TRACE, Scenario};
use crate::workload::{self, Attributes};

/// Counts what was read back against what was recorded.
pub(crate) struct Tally {
    scenario: Scenario,
    records: u64,
    /// What the metric stands at.
    counted: Option<u64>,
    arrived: Vec<bool>,
    span_ids: HashSet<u64>,
    roots: HashSet<(u128, u64)>,
    parents: Vec<(u128, u64)>,
}

impl Tally {
    /// Expects the rows `0..records`, or nothing at all where the scenario delivers nothing.
    pub(crate) fn new(scenario: Scenario, records: u64) -> Self {
        let expected = if scenario.delivers() { records as usize } else { 0 };
        Self {
            scenario,
            records,
            counted: None,
            arrived: vec![false; expected],
            span_ids: HashSet::with_capacity(expected),
            roots: HashSet::new(),
            parents: Vec::new(),
        }
    }

    /// Takes what the metric stands at.
    pub(crate) fn count(&mut self, counted: u64) {
        self.counted = Some(counted);
    }

    pub(crate) fn add(&mut self, record: &Delivered) -> Outcome<()> {
        let row = record.attributes.iter().find(|(key, _)| key == "rows");
        let row = row.and_then(|(_, value)| value.parse::<u64>().ok());
        let Some(row) = row else {
            return Err(format!("a record has no `rows`: {record:?}").into());
        };
        match self.arrived.get_mut(row as usize) {
            None => return Err(format!("a record arrived that was never made: {record:?}").into()),
            Some(true) => return Err(format!("row {row} arrived twice").into()),
            Some(arrived) => *arrived = true,
        }
        self.check_content(row, record)?;
        self.check_identity(row, record)
    }

    fn check_content(&self, row: u64, record: &Delivered) -> Outcome<()> {
        let expected = Attributes::expected(row);
        let whole = record.attributes.len() == expected.len()
            && expected
                .iter()
                .all(|(key, value)| record.attributes.iter().any(|(k, v)| k == key && v == value));
        if !whole {
            return Err(format!("row {row} should carry {expected:?}, but is {record:?}").into());
        }
        let name = match self.scenario {
            Scenario::Nested if row.is_multiple_of(SPANS_PER_TRACE) => workload::ROOT,
            Scenario::Nested => workload::CHILD,
            Scenario::LogEvent => workload::MESSAGE,
            _ => workload::OPERATION,
        };
        if record.name != name {
            return Err(format!("row {row} should be called `{name}`, but is {record:?}").into());
        }
        if record.start_ns == 0 || record.end_ns < record.start_ns {
            return Err(format!("row {row} has impossible times: {record:?}").into());
        }
        Ok(())
    }

    fn check_identity(&mut self, row: u64, record: &Delivered) -> Outcome<()> {
        if record.trace_id == 0 || record.span_id == 0 {
            return Err(format!("row {row} lacks its ids: {record:?}").into());
        }
        // Log records share the ids of the span they were written in.
        if self.scenario != Scenario::LogEvent && !self.span_ids.insert(record.span_id) {
            return Err(format!("row {row} has the span id of another: {record:?}").into());
        }
        if record.name == workload::CHILD {
            self.parents.push((record.trace_id, record.parent_id));
        } else if record.parent_id != 0 && self.scenario != Scenario::LogEvent {
            return Err(format!("row {row} should be a root: {record:?}").into());
        } else if record.name == workload::ROOT {
            self.roots.insert((record.trace_id, record.span_id));
        }
        Ok(())
    }

    /// The verdict, once everything was read.
    pub(crate) fn finish(self) -> Outcome<()> {
        if self.scenario.counts() && self.counted != Some(self.records) {
            return Err(format!("{:?} were counted, of {}", self.counted, self.records).into());
        }
        let missing = self.arrived.iter().filter(|arrived| !**arrived).count();
        if missing > 0 {
            return Err(format!("{missing} of {} records were not delivered", self.arrived.len()).into());
        }
        let orphans = self
            .parents
            .iter()
            .filter(|parent| !self.roots.contains(*parent))
            .count();
        if orphans > 0 {
            return Err(format!("{orphans} children do not name the root of their trace").into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(row: u64) -> Delivered {
        let attributes = Attributes::expected(row).map(|(key, value)| (key.to_owned(), value));
        Delivered {
            name: workload::OPERATION.to_owned(),
            trace_id: 7,
            span_id: row + 1,
            start_ns: 10,
            end_ns: 20,
            attributes: attributes.to_vec(),
            ..Delivered::default()
        }
    }

    fn complaint(scenario: Scenario, records: u64, delivered: &[Delivered]) -> String {
        let mut tally = Tally::new(scenario, records);
        let added = delivered.iter().try_for_each(|record| tally.add(record));
        added
            .and_then(|()| tally.finish())
            .map_or_else(|error| error.to_string(), |()| "none".to_owned())
    }

    #[test]
    fn takes_every_row_in_any_order() {
        assert_eq!(complaint(Scenario::Span4Attrs, 2, &[span(1), span(0)]), "none");
    }

    #[test]
    fn misses_a_lost_span() {
        let complaint = complaint(Scenario::Span4Attrs, 3, &[span(0), span(2)]);
        assert_eq!(complaint, "1 of 3 records were not delivered");
    }

    #[test]
    fn rejects_a_row_that_arrives_twice() {
        assert_eq!(
            complaint(Scenario::Span4Attrs, 2, &[span(0), span(0)]),
            "row 0 arrived twice"
        );
    }

    #[test]
    fn rejects_any_record_where_none_is_due() {
        assert!(complaint(Scenario::UnsampledChild, 5, &[span(0)]).contains("never made"));
    }

    #[test]
    fn rejects_a_changed_value_a_lost_attribute_and_a_wrong_name() {
        let mut changed = span(3);
        changed.attributes[2].1 = "1.6".to_owned();
        let mut lost = span(3);
        lost.attributes.remove(0);
        let renamed = Delivered {
            name: "other".to_owned(),
            ..span(3)
        };
        for record in [changed, lost] {
            assert!(complaint(Scenario::Span4Attrs, 5, &[record]).contains("should carry"));
        }
        assert!(complaint(Scenario::Span4Attrs, 5, &[renamed]).contains("should be called"));
    }

    #[test]
    fn rejects_missing_ids_shared_ids_and_impossible_times() {
        let without = Delivered {
            trace_id: 0,
            ..span(0)
        };
        let shared = Delivered {
            span_id: 1,
            ..span(1)
        };
        let backwards = Delivered { end_ns: 9, ..span(0) };
        assert!(complaint(Scenario::Span4Attrs, 2, &[without]).contains("lacks its ids"));
        assert!(complaint(Scenario::Span4Attrs, 2, &[span(0), shared]).contains("span id of another"));
        assert!(complaint(Scenario::Span4Attrs, 2, &[backwards]).contains("impossible times"));
    }

    #[test]
    fn rejects_a_count_that_is_missing_or_wrong() {
        assert!(complaint(Scenario::CounterBound, 2, &[]).contains("None were counted, of 2"));
        let mut tally = Tally::new(Scenario::CounterBound, 2);
        tally.count(1);
        assert!(tally.finish().is_err());
        let mut tally = Tally::new(Scenario::CounterBound, 2);
        tally.count(2);
        assert!(tally.finish().is_ok());
    }

    #[test]
    fn rejects_a_child_of_another_trace() {
        let root = || Delivered {
            name: workload::ROOT.to_owned(),
            ..span(0)
        };
        let child = Delivered {
            name: workload::CHILD.to_owned(),
            parent_id: 1,
            ..span(1)
        };
        let stray = Delivered {
            trace_id: 8,
            name: workload::CHILD.to_owned(),
            parent_id: 1,
            ..span(1)
        };
        assert_eq!(complaint(Scenario::Nested, 2, &[root(), child]), "none");
        assert!(complaint(Scenario::Nested, 2, &[root(), stray]).contains("do not name the root"));
    }
}
