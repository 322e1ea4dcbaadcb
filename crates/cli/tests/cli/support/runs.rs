//! A data root with runs in it, each recorded by a process of its own: this test program again.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use telensic::events::{
    AlgorithmInit, DataLoad, DecisionSnapshot, EpochDetected, FeaturesAtDecision, Fields, HypothesisId,
    HypothesisResult, Moment, PnlFigure, PositionType, Side, TestDecision, TradeFill,
};
use telensic::{Builder, Run, Severity, Status};

use super::{Dir, Ran, run, telensic};

const PLAN: &str = "RUN_PLAN";

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Loads, decides, fills, and ends well.
    Trade,
    /// The same with another seed, another feature and a stage that fails.
    TradeOtherwise,
    /// Consumes what was known only after it decided.
    LookAhead,
    /// Is named so as to drive a terminal.
    Hostile,
    /// Is killed in its second stage.
    Killed,
}

impl Plan {
    const ALL: [Self; 5] = [
        Self::Trade,
        Self::TradeOtherwise,
        Self::LookAhead,
        Self::Hostile,
        Self::Killed,
    ];
}

/// A data root of a test's own, and a key.
pub(crate) struct Runs {
    dir: Dir,
}

impl Runs {
    pub(crate) fn new() -> Self {
        let dir = Dir::new();
        fs::create_dir(dir.path().join("data")).unwrap();
        Self { dir }
    }

    /// A root in which these runs were recorded, and their directories.
    pub(crate) fn with<const N: usize>(plans: [Plan; N]) -> (Self, [PathBuf; N]) {
        let runs = Self::new();
        let recorded = plans.map(|plan| runs.record(plan));
        (runs, recorded)
    }

    /// The directory of this test's own, which the program is started in.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.path().join("data")
    }

    /// `telensic` in this root, with its key.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = telensic(arguments);
        self.settle(&mut command);
        command
    }

    /// `telensic`, run to its end.
    pub(crate) fn telensic(&self, arguments: &[&str]) -> Ran {
        run(&mut self.command(arguments))
    }

    /// Records a run to its end.
    pub(crate) fn record(&self, plan: Plan) -> PathBuf {
        let output = self.recorder(plan).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let said = String::from_utf8(output.stdout).unwrap();
        said.lines().find_map(place).unwrap()
    }

    /// Starts a run that goes on until it is killed.
    pub(crate) fn begin(&self) -> (Child, PathBuf) {
        let mut process = self.recorder(Plan::Killed).spawn().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let mut found = None;
        for line in said.lines().map(Result::unwrap).take_while(|line| line != "OPEN") {
            found = found.or(place(&line));
        }
        (process, found.expect("the process says where its run lies"))
    }

    /// A run whose process was killed.
    pub(crate) fn kill(&self) -> PathBuf {
        let (mut process, place) = self.begin();
        process.kill().unwrap();
        process.wait().unwrap();
        place
    }

    fn recorder(&self, plan: Plan) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "support::runs::records_a_run",
                "--exact",
                "--nocapture",
                "--include-ignored",
            ])
            .env(PLAN, format!("{plan:?}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in [
            "OTEL_SDK_DISABLED",
            "OTEL_SERVICE_NAME",
            "TELENSIC_RUN_DIR",
            "RUN_ID",
            "TRACEPARENT",
        ] {
            command.env_remove(name);
        }
        self.settle(&mut command);
        command
    }

    fn settle(&self, command: &mut Command) {
        command
            .current_dir(self.path())
            .env("TELENSIC_DIR", self.root())
            .env("TELENSIC_KEY", self.path().join("seal.key"));
    }
}

fn place(line: &str) -> Option<PathBuf> {
    line.strip_prefix("RUN ").map(PathBuf::from)
}

/// Copies a directory with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Everything below a directory: names, bytes, where links lead.
pub(crate) fn snapshot(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            found.extend(snapshot(&path));
            found.insert(path, Vec::new());
        } else if kind.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            found.insert(path, target.into_os_string().into_encoded_bytes());
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

#[test]
#[ignore = "a process of the stories"]
fn records_a_run() {
    let Some(name) = std::env::var_os(PLAN) else {
        return;
    };
    let plan = Plan::ALL
        .into_iter()
        .find(|plan| name == *format!("{plan:?}"))
        .unwrap();
    let hostile = "\x1b[2Jgone\r\nforged\u{9b}31m\u{202e}";
    let profile = if plan == Plan::Hostile { hostile } else { "nightly" };
    let run = Run::builder(profile)
        .experiment("exp-7")
        .recorder(Builder::new("pricing").log_files(false))
        .start()
        .unwrap();
    println!("\nRUN {}", run.dir().path().display());
    let seed = if plan == Plan::TradeOtherwise { 43 } else { 42 };
    run.seed("bootstrap", seed).unwrap();
    run.config(serde_json::json!({ "lookback": 250 })).unwrap();
    if plan == Plan::Hostile {
        record_hostile(hostile);
    } else {
        record_trade(plan);
    }
    if plan == Plan::TradeOtherwise {
        run.fail(&std::io::Error::other("row 7: no price")).unwrap();
    } else {
        run.finish().unwrap();
    }
}

fn record_hostile(hostile: &'static str) {
    let mut stage = telensic::span(&format!("run_stage:{hostile}"))
        .with("stage_id", hostile)
        .with(hostile, hostile);
    stage.set_status(Status::error(hostile.to_owned()));
    telensic::log(Severity::Info, hostile).emit();
    telensic::event(hostile).with(hostile, hostile).emit();
    telensic::record(&DataLoad::new(hostile).sha256_hash(hostile));
    let features = FeaturesAtDecision::new().bull_ith_epochs(1);
    telensic::record(&DecisionSnapshot::new(hostile, 1_i64, features));
    telensic::record(&HypothesisResult::new(
        HypothesisId::of("exp-7", hostile, "nav", &Fields::default()),
        hostile,
        1.0,
        TestDecision::Reject,
    ));
    drop(stage);
}

#[expect(
    clippy::print_stdout,
    reason = "the story that started it waits for this line"
)]
fn record_trade(plan: Plan) {
    {
        let _load = telensic::span("run_stage:load")
            .with("stage_id", "load")
            .entered();
        let mut load = DataLoad::new("bars.csv").sha256_hash("00ff");
        let known = if plan == Plan::LookAhead { 2_000 } else { 500 };
        load = load.knowledge_time(Moment(known));
        telensic::record(&load);
        telensic::log(Severity::Warn, "quote is stale")
            .with("age_s", 42)
            .emit();
    }
    let mut trade = telensic::span("run_stage:trade")
        .with("stage_id", "trade")
        .entered();
    if plan == Plan::Killed {
        let _step = telensic::span("run_step:size").entered();
        println!("\nOPEN");
        loop {
            std::thread::park();
        }
    }
    telensic::record(&AlgorithmInit::new("ith", "1.4.0"));
    telensic::record(
        &EpochDetected::new(0_u32, 3_u32, 0.06, 0.01)
            .position_type(PositionType::Bull)
            .tmaeg_threshold(0.05),
    );
    let epochs = if plan == Plan::TradeOtherwise { 2 } else { 1 };
    let features = FeaturesAtDecision::new().bull_ith_epochs(epochs).tmaeg(0.05);
    telensic::record(&DecisionSnapshot::new("d-1", 1_000_i64, features));
    telensic::record(&TradeFill::new(
        "f-1",
        "d-1",
        "BTCUSDT",
        Side::Buy,
        2.0,
        100.5,
        1_100_i64,
    ));
    telensic::record(&PnlFigure::new("p-1", -12.5, "USD").fill_ids(vec!["f-1".to_owned()]));
    let test = HypothesisId::of("exp-7", "shapiro_wilk", "nav", &Fields::default());
    telensic::record(&HypothesisResult::new(test, "shapiro_wilk", 0.9, TestDecision::Reject).p_value(0.01));
    if plan == Plan::TradeOtherwise {
        trade.set_status(Status::error("row 7: no price"));
    }
}
