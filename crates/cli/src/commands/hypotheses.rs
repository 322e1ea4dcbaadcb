//! `telensic hypotheses`: all tests of all runs of an experiment, counted together.

use std::io::Write;

use clap::ValueEnum;
use serde::Serialize;
use telensic::{Manifest, RunDir};
use telensic_forensics::hypotheses::{Adjusted, HypothesisLedger, Trial};

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::readings::{open, say, tell_unreadable};
use crate::runs::DataArgument;
use crate::screen::{STRONG, Screen};
use telensic_run::Visible;

/// Count the hypothesis tests of all runs of an experiment together, and correct their p-values
///
/// Without --experiment and --profile it is the experiment of the latest run; if that has none, its profile.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Count the runs of this experiment
    #[arg(long, value_name = "ID", group = "which")]
    experiment: Option<String>,
    /// Count the runs of this profile
    #[arg(long, group = "which")]
    profile: Option<String>,
    /// The level at which a corrected p-value still rejects
    #[arg(long, value_name = "LEVEL", default_value = "0.05", value_parser = level)]
    alpha: f64,
    /// List what is rejected after this correction
    #[arg(long)]
    method: Option<Method>,
    #[command(flatten)]
    data: DataArgument,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
enum Method {
    /// No false rejection at all
    Bonferroni,
    /// Benjamini and Hochberg: few false ones among the rejections
    Bh,
    /// Benjamini and Yekutieli: the same under any dependence
    By,
}

impl Method {
    fn of(self, adjusted: Adjusted) -> f64 {
        match self {
            Self::Bonferroni => adjusted.bonferroni,
            Self::Bh => adjusted.benjamini_hochberg,
            Self::By => adjusted.benjamini_yekutieli,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Bonferroni => "Bonferroni",
            Self::Bh => "Benjamini-Hochberg",
            Self::By => "Benjamini-Yekutieli",
        }
    }
}

fn level(text: &str) -> Result<f64, &'static str> {
    let level = text.parse().ok().filter(|level| (0.0..=1.0).contains(level));
    level.ok_or("a level is a number from 0 to 1")
}

#[derive(Serialize)]
struct Document<'d> {
    #[serde(flatten)]
    ledger: &'d HypothesisLedger,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<Method>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected: Option<Vec<&'d str>>,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Fine;
    let belongs = scope(arguments)?;
    let mut builder = HypothesisLedger::begin(arguments.alpha);
    for run in arguments.data.root().list()? {
        match take(run, &belongs, &mut builder, screen) {
            Ok(taken) => outcome = outcome.max(taken),
            Err(Failure::Told(message)) => {
                screen.complain(&message)?;
                outcome = Outcome::NotDone;
            }
            Err(failure) => return Err(failure),
        }
    }
    let ledger = builder.finish();
    let rejected = arguments.method.map(|method| rejected(&ledger, method));
    if arguments.json {
        let rejected =
            rejected.map(|trials| trials.iter().map(|trial| trial.hypothesis_id.as_str()).collect());
        let document = Document {
            ledger: &ledger,
            method: arguments.method,
            rejected,
        };
        json::write_line(screen, &document)?;
        return Ok(outcome);
    }
    say(screen, &ledger)?;
    if let (Some(method), Some(rejected)) = (arguments.method, rejected) {
        let title = format!(
            "rejected at {} by {}: {}",
            ledger.alpha,
            method.text(),
            rejected.len()
        );
        writeln!(screen, "\n{}", screen.paint(STRONG, title))?;
        for trial in rejected {
            let (id, test) = (Visible(&trial.hypothesis_id), Visible(&trial.test_name));
            writeln!(
                screen,
                "  {id} ({test}), corrected p {:.3e}",
                method.of(trial.adjusted)
            )?;
        }
    }
    Ok(outcome)
}

/// Which runs are counted.
enum Scope {
    Experiment(String),
    Profile(String),
}

impl Scope {
    fn has(&self, manifest: &Manifest) -> bool {
        match self {
            Self::Experiment(id) => manifest.experiment_id.as_ref() == Some(id),
            Self::Profile(profile) => manifest.profile == *profile,
        }
    }
}

fn scope(arguments: &Arguments) -> Result<Scope, Failure> {
    if let Some(id) = &arguments.experiment {
        return Ok(Scope::Experiment(id.clone()));
    }
    if let Some(profile) = &arguments.profile {
        return Ok(Scope::Profile(profile.clone()));
    }
    let latest = arguments.data.find("latest")?.manifest()?;
    Ok(latest
        .experiment_id
        .map_or(Scope::Profile(latest.profile), Scope::Experiment))
}

fn take(
    run: RunDir,
    scope: &Scope,
    builder: &mut telensic_forensics::hypotheses::LedgerBuilder,
    screen: &mut Screen,
) -> Result<Outcome, Failure> {
    if !scope.has(&run.manifest()?) {
        return Ok(Outcome::Fine);
    }
    let view = open(run)?;
    builder.add(&view);
    tell_unreadable(screen, &view.timeline)
}

fn rejected(ledger: &HypothesisLedger, method: Method) -> Vec<&Trial> {
    let mut rejected: Vec<&Trial> = ledger
        .trials
        .iter()
        .filter(|trial| method.of(trial.adjusted) <= ledger.alpha)
        .collect();
    rejected.sort_by(|a, b| method.of(a.adjusted).total_cmp(&method.of(b.adjusted)));
    rejected
}
