//! Where a live run and a backtest of one profile part: the first decision that did not rest on the same knowledge.
//!
//! Decisions are paired by their ids if the runs share any, else by their order within their sleeve.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::Serialize;
use telensic_run::RunId;
use telensic_run::event::Moment;

use super::consumption::{Consumed, Step, is_consumed, walk};
use super::decisions::{Decision, decisions};
use super::reads::{DataRead, reads};
use crate::RunView;
use crate::place::{self, Places};

/// Where two runs part.
#[derive(Debug, Serialize)]
pub struct Parting {
    /// The live run.
    pub live: RunId,
    /// The backtest.
    pub backtest: RunId,
    /// Decisions that both have.
    pub paired: usize,
    /// Decisions that the live run alone has.
    pub only_live: usize,
    /// Decisions that the backtest alone has.
    pub only_backtest: usize,
    /// The first pair that did not rest on the same knowledge.
    pub first: Option<PartingPoint>,
    /// How many pairs did not.
    pub parted: usize,
}

/// A decision that rested on different knowledge in the two runs.
#[derive(Clone, Debug, Serialize)]
pub struct PartingPoint {
    /// The decision in the live run.
    pub live_decision: String,
    /// The decision in the backtest.
    pub backtest_decision: String,
    /// Where the live run made it.
    pub place: String,
    /// The sources of which not the same was known.
    pub sources: Vec<SourceDifference>,
}

/// What each run knew from a source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceDifference {
    /// The source.
    pub source: String,
    /// What the live run knew.
    pub live: Option<Knowledge>,
    /// What the backtest knew.
    pub backtest: Option<Knowledge>,
}

/// The state of a source as it was last read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Knowledge {
    /// When it was known, by the read.
    pub known: Option<Moment>,
    /// The hash of the data.
    pub hash: Option<String>,
}

/// One run, ready to be held against another.
struct Side<'a> {
    view: &'a RunView,
    reads: Vec<DataRead>,
    decisions: Vec<Decision>,
    /// What was known at each decision, as a digest.
    digests: Vec<u128>,
}

impl Parting {
    /// Holds a backtest against a live run.
    pub fn of(live: &RunView, backtest: &RunView) -> Self {
        let (live, backtest) = (Side::of(live), Side::of(backtest));
        let pairs = pairs(&live, &backtest);
        let parted: Vec<(usize, usize)> = pairs
            .iter()
            .copied()
            .filter(|(left, right)| live.digests[*left] != backtest.digests[*right])
            .collect();
        Self {
            live: live.view.id(),
            backtest: backtest.view.id(),
            paired: pairs.len(),
            only_live: live.decisions.len() - pairs.len(),
            only_backtest: backtest.decisions.len() - pairs.len(),
            first: parted
                .first()
                .map(|(left, right)| point(&live, *left, &backtest, *right)),
            parted: parted.len(),
        }
    }

    /// Whether every decision of each rested on the same knowledge as the other's.
    pub fn is_same(&self) -> bool {
        self.parted == 0 && self.only_live == 0 && self.only_backtest == 0
    }
}

impl<'a> Side<'a> {
    fn of(view: &'a RunView) -> Self {
        let places = Places::of(&view.timeline);
        let reads = reads(&view.timeline, &places);
        let decisions = decisions(&view.timeline, &places);
        let digests = digests(&reads, &decisions);
        Self {
            view,
            reads,
            decisions,
            digests,
        }
    }

    /// What was known from each source at a decision.
    fn knowledge(&self, decision: usize) -> BTreeMap<&str, Knowledge> {
        let decision = &self.decisions[decision];
        self.reads
            .iter()
            .filter(|read| is_consumed(read, decision))
            .map(|read| (read.source.as_str(), Knowledge::of(read)))
            .collect()
    }
}

impl Knowledge {
    fn of(read: &DataRead) -> Self {
        Self {
            known: read.known().map(|(known, _)| known),
            hash: read.hash.clone(),
        }
    }
}

/// What was known at each decision, as a digest.
fn digests(reads: &[DataRead], decisions: &[Decision]) -> Vec<u128> {
    let mut digests = Vec::with_capacity(decisions.len());
    // For each scope, the latest state of each source: the number of the read, and its digest.
    let mut states: Consumed<HashMap<&str, (usize, u128)>> = Consumed::new();
    let mut number = 0;
    walk(reads, decisions, |step| match step {
        Step::Read(read) => {
            let digest = digest(read);
            number += 1;
            states.take(read, |sources| {
                sources.insert(&read.source, (number, digest));
            });
        }
        Step::Decision(decision) => {
            let mut known: HashMap<&str, (usize, u128)> = HashMap::new();
            for (source, state) in states.of(decision).into_iter().flatten() {
                let latest = known.entry(source).or_insert(*state);
                *latest = (*latest).max(*state);
            }
            // The order of sources does not matter.
            digests.push(known.into_values().fold(0, |all, (_, one)| all ^ one));
        }
    });
    digests
}

fn digest(read: &DataRead) -> u128 {
    let mut hasher = blake3::Hasher::new();
    let known = read.known().map(|(known, _)| known.0);
    for part in [Some(read.source.as_str()), read.hash.as_deref()] {
        let length = part.map_or(u64::MAX, |text| text.len() as u64);
        hasher
            .update(&length.to_le_bytes())
            .update(part.unwrap_or_default().as_bytes());
    }
    hasher.update(&[u8::from(known.is_some())]);
    hasher.update(&known.unwrap_or_default().to_le_bytes());
    let mut first = [0; 16];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    u128::from_le_bytes(first)
}

fn pairs(live: &Side<'_>, backtest: &Side<'_>) -> Vec<(usize, usize)> {
    let by_id = pair_by(&ids(live), &ids(backtest));
    if by_id.is_empty() {
        return pair_by(&turns(live), &turns(backtest));
    }
    by_id
}

fn ids<'a>(side: &'a Side<'_>) -> Vec<&'a str> {
    side.decisions
        .iter()
        .map(|decision| decision.id.as_str())
        .collect()
}

/// For each decision its sleeve, and its turn in it.
fn turns(side: &Side<'_>) -> Vec<(String, usize)> {
    let mut labels = HashMap::new();
    let mut taken: HashMap<String, usize> = HashMap::new();
    let label = |decision: &Decision| {
        let sleeve = decision.sleeve?;
        let label = labels
            .entry(sleeve)
            .or_insert_with(|| place::label(&side.view.timeline, sleeve));
        Some(label.clone())
    };
    let labels: Vec<String> = side
        .decisions
        .iter()
        .map(label)
        .map(Option::unwrap_or_default)
        .collect();
    labels
        .into_iter()
        .map(|label| {
            let turn = taken.entry_ref(label.as_str()).or_default();
            *turn += 1;
            (label, *turn)
        })
        .collect()
}

/// The places of equal keys; of a key that is there several times, the first.
fn pair_by<K: std::hash::Hash + Eq>(left: &[K], right: &[K]) -> Vec<(usize, usize)> {
    let mut places: HashMap<&K, usize> = HashMap::new();
    for (place, key) in right.iter().enumerate() {
        places.entry(key).or_insert(place);
    }
    left.iter()
        .enumerate()
        .filter_map(|(place, key)| Some((place, places.remove(key)?)))
        .collect()
}

fn point(live: &Side<'_>, left: usize, backtest: &Side<'_>, right: usize) -> PartingPoint {
    let (known_live, known_backtest) = (live.knowledge(left), backtest.knowledge(right));
    let mut sources: Vec<&str> = known_live.keys().chain(known_backtest.keys()).copied().collect();
    sources.sort_unstable();
    sources.dedup();
    let decision = &live.decisions[left];
    PartingPoint {
        live_decision: decision.id.clone(),
        backtest_decision: backtest.decisions[right].id.clone(),
        place: place::path(&live.view.timeline, decision.span),
        sources: sources
            .into_iter()
            .map(|source| SourceDifference {
                source: source.to_owned(),
                live: known_live.get(source).cloned(),
                backtest: known_backtest.get(source).cloned(),
            })
            .filter(|difference| difference.live != difference.backtest)
            .collect(),
    }
}
