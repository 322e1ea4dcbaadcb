//! Processes that record: this test program again, running just one of the tests below.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use telensic::{Builder, Severity, Status};

use super::Dir;

const DIR: &str = "SCRIBE_DIR";

/// What a process records.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scribe {
    /// A stage with a step that failed, logs and an event.
    Pipeline,
    /// Text that would drive a terminal.
    Hostile,
    /// Far more than a pipe holds.
    Much,
    /// A stage in which it is killed.
    Killed,
}

impl Scribe {
    fn test(self) -> &'static str {
        match self {
            Self::Pipeline => "support::scribe::records_a_pipeline",
            Self::Hostile => "support::scribe::records_hostile_text",
            Self::Much => "support::scribe::records_much",
            Self::Killed => "support::scribe::records_until_it_is_killed",
        }
    }

    fn command(self, dir: &Dir) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([self.test(), "--exact", "--nocapture", "--include-ignored"])
            .env(DIR, dir.path())
            .env_remove("OTEL_SDK_DISABLED")
            .env_remove("TELENSIC_RUN_DIR")
            .env_remove("TELENSIC_TAPE_BUDGET")
            .env_remove("OTEL_SERVICE_NAME")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    }
}

/// Lets a process record into a data directory, to its end.
pub(crate) fn let_record(scribe: Scribe, dir: &Dir) {
    assert!(scribe.command(dir).output().unwrap().status.success());
}

/// Lets a process record until it says that its span is open, looks, and kills it.
pub(crate) fn kill_while_recording(dir: &Dir, look: impl FnOnce()) {
    let mut process = Scribe::Killed.command(dir).spawn().unwrap();
    let said = BufReader::new(process.stdout.take().unwrap());
    let open = said
        .lines()
        .any(|line| line.unwrap().contains("the span is open"));
    assert!(open, "the process ended before it opened its span");
    look();
    process.kill().unwrap();
    process.wait().unwrap();
}

fn builder() -> Option<Builder> {
    let dir = std::env::var_os(DIR)?;
    let builder = Builder::new("pricing").version("1.4.2").environment("test");
    Some(builder.dir(dir).log_files(false))
}

#[test]
#[ignore = "a process of the stories"]
fn records_a_pipeline() {
    let Some(builder) = builder() else { return };
    let _guard = builder.init();
    let _stage = telensic::span("run_stage:load")
        .with("stage_id", "load")
        .with("rows", 5_000)
        .with("largest", i64::MAX)
        .with("ratio", f64::NAN)
        .with("symbols", &["BTCUSDT", "ETHUSDT"])
        .entered();
    let mut step = telensic::span("run_step:parse").with("is_strict", true).entered();
    step.event("retry");
    step.set_status(Status::error("row 7: no price"));
    drop(step);
    telensic::log(Severity::Warn, "quote is stale")
        .with("age_s", 42)
        .emit();
    telensic::event("data.load")
        .with("source_path", "bars.csv")
        .with("row_count", 5_000)
        .emit();
}

#[test]
#[ignore = "a process of the stories"]
fn records_hostile_text() {
    let Some(builder) = builder() else { return };
    let _guard = builder.init();
    let hostile = "\x1b[2Jgone\r\n\u{9b}31m\u{202e}";
    drop(telensic::span(hostile).with(hostile, hostile));
    telensic::log(Severity::Info, hostile).with("key", hostile).emit();
}

#[test]
#[ignore = "a process of the stories"]
fn records_much() {
    let Some(builder) = builder() else { return };
    let _guard = builder.init();
    for row in 0..20_000 {
        drop(telensic::root_span("operation").with("row", row));
    }
}

#[test]
#[ignore = "a process of the stories"]
fn records_until_it_is_killed() {
    let Some(builder) = builder() else { return };
    let _guard = builder.init();
    let _stage = telensic::span("run_stage:train")
        .with("stage_id", "train")
        .entered();
    drop(telensic::span("run_step:split"));
    println!("\nthe span is open");
    loop {
        std::thread::park();
    }
}
