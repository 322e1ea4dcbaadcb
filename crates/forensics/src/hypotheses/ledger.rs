//! Counts the trials of many runs and corrects their p-values.

use hashbrown::HashMap;
use serde::Serialize;
use telensic_run::RunId;
use telensic_run::event::{Float, HypothesisResult, TestDecision};
use telensic_run::names::event as name;
use telensic_tape::UnixNanos;

use super::adjust::{benjamini_hochberg, benjamini_yekutieli, bonferroni};
use super::registrations::Registrations;
use crate::{RunView, typed_events};

/// All tests of all runs of an experiment.
#[derive(Debug, Serialize)]
pub struct HypothesisLedger {
    /// The level at which a corrected p-value still rejects.
    pub alpha: f64,
    /// The runs that were counted.
    pub runs: Vec<RunId>,
    /// How many hypotheses were tested and have a p-value.
    pub hypotheses: usize,
    /// How many results merely repeat an earlier trial.
    pub reproductions: usize,
    /// Every trial, in the order of their times; p-values are corrected for this many.
    pub trials: Vec<Trial>,
    /// Results that are no trial: they have no p-value, or none that can be one.
    pub uncounted: Vec<UncountedResult>,
}

/// One outcome of a hypothesis.
#[derive(Clone, Debug, Serialize)]
pub struct Trial {
    /// The hypothesis.
    pub hypothesis_id: String,
    /// The test.
    pub test_name: String,
    /// The run in which it first came out so.
    pub run: RunId,
    /// When, Unix nanoseconds.
    pub time_unix_nano: u64,
    /// The test's statistic.
    pub statistic: Float,
    /// The p-value as the test gave it.
    pub p_value: f64,
    /// The effect's size.
    pub effect_size: Option<Float>,
    /// What the run decided.
    pub stated: TestDecision,
    /// How many later results repeat it.
    pub reproduced: usize,
    /// Which trial of its hypothesis it is, from 1; beyond 1 the test was repeated with another outcome.
    pub attempt: usize,
    /// Whether the hypothesis was named before its first result.
    pub registration: Registration,
    /// The corrected p-values.
    pub adjusted: Adjusted,
}

/// A p-value corrected for all trials of the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Adjusted {
    /// By Bonferroni: no false rejection at all.
    pub bonferroni: f64,
    /// By Benjamini and Hochberg: few false ones among the rejections.
    pub benjamini_hochberg: f64,
    /// By Benjamini and Yekutieli: the same, however the tests depend on one another.
    pub benjamini_yekutieli: f64,
}

/// Whether a hypothesis was named before its outcome was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Registration {
    /// An `audit.intent` names it before its first result.
    Registered {
        /// In this run.
        run: RunId,
        /// Then, Unix nanoseconds.
        time_unix_nano: u64,
    },
    /// An `audit.intent` names it, but only afterwards.
    Afterwards {
        /// In this run.
        run: RunId,
        /// Then, Unix nanoseconds.
        time_unix_nano: u64,
    },
    /// The result says that it was registered; no `audit.intent` bears it out.
    Claimed,
    /// Nothing says so.
    None,
}

/// A result that is no trial.
#[derive(Clone, Debug, Serialize)]
pub struct UncountedResult {
    /// The hypothesis, as far as the event says.
    pub hypothesis_id: String,
    /// The test, as far as the event says.
    pub test_name: String,
    /// The run.
    pub run: RunId,
    /// When, Unix nanoseconds.
    pub time_unix_nano: u64,
    /// Why it does not count.
    pub reason: UncountedReason,
}

/// Why a result is no trial.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UncountedReason {
    /// The test has no p-value.
    NoPValue,
    /// This is no probability.
    NotAProbability(Float),
    /// The event does not fit its type.
    Unreadable(String),
}

/// A ledger being filled, run by run; a run need not stay in memory.
#[derive(Debug)]
pub struct LedgerBuilder {
    alpha: f64,
    runs: Vec<RunId>,
    results: Vec<(UnixNanos, RunId, HypothesisResult)>,
    uncounted: Vec<UncountedResult>,
    registrations: Registrations,
}

impl HypothesisLedger {
    /// An empty ledger for tests at this level, 0.05 as a rule.
    pub fn begin(alpha: f64) -> LedgerBuilder {
        LedgerBuilder {
            alpha,
            runs: Vec::new(),
            results: Vec::new(),
            uncounted: Vec::new(),
            registrations: Registrations::default(),
        }
    }

    /// How many trials reject as they stand, without a correction.
    pub fn rejected_uncorrected(&self) -> usize {
        self.count(|trial| trial.p_value)
    }

    /// How many trials reject after Bonferroni's correction.
    pub fn rejected_by_bonferroni(&self) -> usize {
        self.count(|trial| trial.adjusted.bonferroni)
    }

    /// How many trials reject after Benjamini and Hochberg's correction.
    pub fn rejected_by_benjamini_hochberg(&self) -> usize {
        self.count(|trial| trial.adjusted.benjamini_hochberg)
    }

    /// How many trials reject after Benjamini and Yekutieli's correction.
    pub fn rejected_by_benjamini_yekutieli(&self) -> usize {
        self.count(|trial| trial.adjusted.benjamini_yekutieli)
    }

    fn count(&self, p: impl Fn(&Trial) -> f64) -> usize {
        self.trials.iter().filter(|trial| p(trial) <= self.alpha).count()
    }
}

impl LedgerBuilder {
    /// Takes in a run of the experiment. Adding the same run twice changes nothing.
    pub fn add(&mut self, view: &RunView) {
        let run = view.id();
        if self.runs.contains(&run) {
            return;
        }
        self.runs.push(run);
        for recorded in typed_events::named(&view.timeline, &[name::HYPOTHESIS_RESULT, name::AUDIT_INTENT]) {
            let event = recorded.event;
            if event.name == name::AUDIT_INTENT {
                self.registrations.take(run, &event);
                continue;
            }
            match event.parse::<HypothesisResult>() {
                Ok(result) => self.results.push((event.time, run, result)),
                Err(misfit) => {
                    let text = |field: &str| {
                        let value = event.fields.get(field).and_then(serde_json::Value::as_str);
                        value.unwrap_or_default().to_owned()
                    };
                    self.uncounted.push(UncountedResult {
                        hypothesis_id: text("hypothesis_id"),
                        test_name: text("test_name"),
                        run,
                        time_unix_nano: event.time.0,
                        reason: UncountedReason::Unreadable(misfit.to_string()),
                    });
                }
            }
        }
    }

    /// Counts, and corrects.
    pub fn finish(mut self) -> HypothesisLedger {
        self.runs.sort_unstable();
        self.results.sort_by_key(|(time, run, _)| (*time, *run));
        let mut trials: Vec<Trial> = Vec::new();
        let mut of_hypothesis: HashMap<String, Vec<usize>> = HashMap::new();
        let mut reproductions = 0;
        for (time, run, result) in std::mem::take(&mut self.results) {
            let Some(p_value) = self.probability(time, run, &result) else {
                continue;
            };
            let id = result.hypothesis_id.as_str();
            let known = of_hypothesis.entry_ref(id).or_default();
            let same = known.iter().copied().find(|trial| {
                let trial = &trials[*trial];
                trial.test_name == result.test_name
                    && trial.p_value == p_value
                    && trial.statistic == result.statistic
            });
            if let Some(trial) = same {
                trials[trial].reproduced += 1;
                reproductions += 1;
                continue;
            }
            let registration = match known.first() {
                Some(first) => trials[*first].registration,
                None => self.registration(time, &result),
            };
            known.push(trials.len());
            trials.push(Trial {
                hypothesis_id: id.to_owned(),
                run,
                time_unix_nano: time.0,
                statistic: result.statistic,
                p_value,
                effect_size: result.effect_size,
                stated: result.decision,
                reproduced: 0,
                attempt: known.len(),
                registration,
                adjusted: Adjusted::default(),
                test_name: result.test_name,
            });
        }
        correct(&mut trials);
        HypothesisLedger {
            alpha: self.alpha,
            runs: self.runs,
            hypotheses: of_hypothesis.len(),
            reproductions,
            trials,
            uncounted: self.uncounted,
        }
    }

    /// The p-value of a result that is a trial; any other is listed.
    fn probability(&mut self, time: UnixNanos, run: RunId, result: &HypothesisResult) -> Option<f64> {
        let reason = match result.p_value {
            Some(Float(p)) if (0.0..=1.0).contains(&p) => return Some(p),
            Some(p) => UncountedReason::NotAProbability(p),
            None => UncountedReason::NoPValue,
        };
        self.uncounted.push(UncountedResult {
            hypothesis_id: result.hypothesis_id.to_string(),
            test_name: result.test_name.clone(),
            run,
            time_unix_nano: time.0,
            reason,
        });
        None
    }

    fn registration(&self, first_result: UnixNanos, result: &HypothesisResult) -> Registration {
        match self.registrations.find(result.hypothesis_id.as_str()) {
            Some((time, run)) if time < first_result => Registration::Registered {
                run,
                time_unix_nano: time.0,
            },
            Some((time, run)) => Registration::Afterwards {
                run,
                time_unix_nano: time.0,
            },
            None if result.pre_registered == Some(true) => Registration::Claimed,
            None => Registration::None,
        }
    }
}

fn correct(trials: &mut [Trial]) {
    let p_values: Vec<f64> = trials.iter().map(|trial| trial.p_value).collect();
    let strict = bonferroni(&p_values);
    let hochberg = benjamini_hochberg(&p_values);
    let yekutieli = benjamini_yekutieli(&p_values);
    for (index, trial) in trials.iter_mut().enumerate() {
        trial.adjusted = Adjusted {
            bonferroni: strict[index],
            benjamini_hochberg: hochberg[index],
            benjamini_yekutieli: yekutieli[index],
        };
    }
}
