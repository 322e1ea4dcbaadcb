//! `telensic verify`: whether runs are as they were sealed.

use serde::Serialize;
use telensic_run::{PublicKey, VerifyOptions, verify, verify_all};

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::progress::Progress;
use crate::readings::home;
use crate::runs::DataArgument;
use crate::screen::Screen;
use crate::verdict::{Answer, Finality, LedgerAnswer, Subject, print, print_ledger};

/// Verify that runs, or evidence packs, are whole and as they were sealed; name everything that is not
///
/// A run in its data root is held against the ledger there; a copy that lies by itself, and a pack, are not. A run
/// that is still being written verifies up to its last full chunk. Exit code 1: something is not as it was sealed.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Runs (an id, the beginning of one, latest, latest~1, a path), or evidence packs; by default the latest run
    #[arg(value_name = "RUN", conflicts_with = "all")]
    runs: Vec<String>,
    /// Verify every run, and the ledger as a whole
    #[arg(long, conflicts_with = "no_ledger")]
    all: bool,
    /// The key that must have sealed them: its 64 hex digits, or a file that holds them, such as seal.pub
    #[arg(long, value_name = "KEY")]
    public_key: Option<String>,
    /// Do not look at the ledger
    #[arg(long)]
    no_ledger: bool,
    #[command(flatten)]
    data: DataArgument,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'d> {
    is_verified: bool,
    runs: &'d [Answer],
    #[serde(skip_serializing_if = "Option::is_none")]
    ledger: Option<&'d LedgerAnswer>,
    /// Those that could not be looked at.
    errors: &'d [String],
}

/// All answers.
#[derive(Default)]
struct Answers {
    runs: Vec<Answer>,
    ledger: Option<LedgerAnswer>,
    errors: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let key = arguments
        .public_key
        .as_deref()
        .map(PublicKey::named)
        .transpose()?;
    let answers = if arguments.all {
        all(arguments, key)?
    } else {
        each(arguments, key)?
    };
    let outcome = answers.outcome();
    if arguments.json {
        let document = Document {
            is_verified: answers.are_final() && outcome == Outcome::Fine,
            runs: &answers.runs,
            ledger: answers.ledger.as_ref(),
            errors: &answers.errors,
        };
        json::write_line(screen, &document)?;
    } else {
        answers.runs.iter().try_for_each(|answer| print(screen, answer))?;
        answers
            .ledger
            .iter()
            .try_for_each(|ledger| print_ledger(screen, ledger))?;
    }
    for error in &answers.errors {
        screen.complain(error)?;
    }
    Ok(outcome)
}

impl Answers {
    /// Whether none of them is merely that nothing is wrong so far.
    fn are_final(&self) -> bool {
        self.runs
            .iter()
            .all(|answer| answer.verdict == Finality::Verified)
    }

    fn outcome(&self) -> Outcome {
        let unread = if self.errors.is_empty() {
            Outcome::Fine
        } else {
            Outcome::NotDone
        };
        let runs = self.runs.iter().map(Answer::outcome);
        let ledger = self.ledger.iter().map(LedgerAnswer::outcome);
        runs.chain(ledger).fold(unread, Ord::max)
    }
}

fn all(arguments: &Arguments, key: Option<PublicKey>) -> Result<Answers, Failure> {
    let root = arguments.data.root();
    let verified = {
        let _progress = Progress::of(format!("verifying all runs under {}", root.runs().display()));
        verify_all(&root, key)?
    };
    if verified.runs.is_empty() && verified.lines == 0 && verified.ledger.is_empty() {
        return Err(Failure::Told(format!(
            "there are no runs under {}: --data names another root",
            root.runs().display()
        )));
    }
    let mut answers = Answers {
        ledger: Some(LedgerAnswer::of(&verified)),
        ..Answers::default()
    };
    for (id, run) in verified.runs {
        match run {
            Ok(verification) => {
                let path = root.run(id).path().display().to_string();
                let answer = Answer::new(&verification, path, true, key.is_some(), Vec::new());
                answers.runs.push(answer);
            }
            Err(error) => answers.errors.push(error.to_string()),
        }
    }
    Ok(answers)
}

fn each(arguments: &Arguments, key: Option<PublicKey>) -> Result<Answers, Failure> {
    let latest = ["latest".to_owned()];
    let named = if arguments.runs.is_empty() {
        &latest[..]
    } else {
        &arguments.runs
    };
    let mut answers = Answers::default();
    for text in named {
        match one(text, arguments, key) {
            Ok(answer) => answers.runs.push(answer),
            // With several the others are looked at all the same.
            Err(Failure::Told(message)) if named.len() > 1 => answers.errors.push(message),
            Err(failure) => return Err(failure),
        }
    }
    Ok(answers)
}

fn one(text: &str, arguments: &Arguments, public_key: Option<PublicKey>) -> Result<Answer, Failure> {
    let _progress = Progress::of(format!("verifying {text}"));
    let subject = Subject::find(text, &arguments.data)?;
    let root = home(&subject.run).filter(|_| !arguments.no_ledger && subject.pack.is_none());
    let options = VerifyOptions {
        public_key,
        ledger: root.as_ref(),
    };
    let mut verification = verify(&subject.run, options)?;
    let not_held = subject.excuse(&mut verification.findings);
    Ok(Answer::new(
        &verification,
        subject.place(),
        root.is_some(),
        public_key.is_some(),
        not_held,
    ))
}
