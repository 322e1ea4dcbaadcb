//! `telensic run`: records any program as a run.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use telensic::{Builder, Concluded, Ending, Run, RunStatus};
use telensic_redact::{KeyClass, Redactor};
use telensic_server::intake::{RunIntake, RunIntakeOptions};
use telensic_server::receivers::otlp_http::{self, Limits, Receiver};

use crate::exit::{Failure, Outcome};
use crate::run::{Ended, Forwarder, Profiling, Signals, resource_use};
use crate::runs::DataArgument;
use crate::screen::Screen;
use crate::units;

/// Record a program as a run: what it sends by OpenTelemetry, what it prints, how it ends
///
/// The program gets RUN_ID, TELENSIC_RUN_DIR, TRACEPARENT and an OTLP/HTTP endpoint in its environment, so any
/// program with an OpenTelemetry SDK is recorded without a change. Its exit status is passed on.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The profile that this is a run of; by default the program's name
    #[arg(long)]
    profile: Option<String>,
    /// The experiment that it belongs to
    #[arg(long, value_name = "ID")]
    experiment: Option<String>,
    #[command(flatten)]
    data: DataArgument,
    /// A file that the program reads; its fingerprint is taken before the start
    #[arg(long, value_name = "FILE")]
    input: Vec<PathBuf>,
    /// A file that the program writes; its fingerprint is taken at the end
    #[arg(long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// Take a CPU profile, if the program can (or TF_PROFILE_ENABLED; TF_PROFILE_RATE, TF_PROFILE_DURATION)
    #[arg(long)]
    profile_cpu: bool,
    /// Say nothing of the run at its end
    #[arg(long, short)]
    quiet: bool,
    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, value_name = "CMD")]
    command: Vec<String>,
}

/// How long what the program left behind may keep its output open.
const OUTPUT: Duration = Duration::from_secs(2);
/// How long requests that are in flight at the program's end may take.
const REQUESTS: Duration = Duration::from_secs(5);

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let program = &arguments.command[0];
    let profile = arguments.profile.clone().unwrap_or_else(|| name_of(program));
    let signals = Signals::take().map_err(|error| Failure::Told(format!("cannot take signals: {error}")))?;
    let redactor = Arc::new(Redactor::default());
    let mut builder = Run::builder(&profile)
        .root(arguments.data.root())
        .command(masked(&arguments.command, &redactor))
        .recorder(Builder::new("telensic").redactor(Arc::clone(&redactor)));
    if let Some(experiment) = &arguments.experiment {
        builder = builder.experiment(experiment);
    }
    let mut run = builder.start()?;
    for input in &arguments.input {
        run.input(input)?;
    }
    let intake = Arc::new(RunIntake::open(run.dir(), redactor, RunIntakeOptions::default()));
    let address = ([127, 0, 0, 1], 0).into();
    let receiver = match Receiver::bind(address, Limits::default(), intake.clone()) {
        Ok(receiver) => receiver,
        Err(error) => return Err(give_up(run, &error)),
    };
    let mut profiling = Profiling::asked(arguments.profile_cpu);
    let mut child = match start(&arguments.command, &run, &receiver, profiling.is_some()) {
        Ok(child) => child,
        Err(error) => {
            let message =
                format!("cannot start {program}: {error}; is its name right, and is it executable?");
            return Err(give_up(
                run,
                &telensic::RunError::new(telensic::RunErrorKind::Invalid, message),
            ));
        }
    };
    signals.pass_to(child.id());
    if let Some(profiling) = &mut profiling {
        profiling.follow(&arguments.command, child.id());
    }
    let forwarder = match (child.stdout.take(), child.stderr.take()) {
        (Some(stdout), Some(stderr)) => Some(Forwarder::start(stdout, stderr)?),
        _ => None,
    };
    let waited = child.wait();
    signals.pass_to_nobody();
    if let Some(forwarder) = forwarder {
        forwarder.finish(OUTPUT);
    }
    let status = waited.map_err(|error| Failure::Told(format!("cannot wait for {program}: {error}")))?;
    let ended = Ended::new(status, signals.first());

    let cut_off = receiver.shutdown(REQUESTS) != otlp_http::Ending::Clean;
    let received = intake.finish();
    for output in &arguments.output {
        run.output(output)?;
    }
    let without_profile = profiling.and_then(|profiling| profiling.finish(&run, program));
    run.set("process.exit.code", i64::from(ended.code()));
    run.set("telensic.received.records", received.accepted());
    let mut ending = Ending::of(ended.status()).exit(ended.exit);
    if let Some(used) = resource_use() {
        ending = ending.resource_use(used);
    }
    if let Some(reason) = ended.reason() {
        ending = ending.because(reason);
    }
    for notice in intake.take_notices().into_iter().chain(without_profile) {
        screen.complain(&notice)?;
    }
    if cut_off {
        screen.complain(
            &"some requests were still being sent when the program had ended; they are not recorded",
        )?;
    }
    if let Some(concluded) = run.conclude(ending)? {
        tell(arguments, screen, &concluded)?;
    }
    Ok(Outcome::Passed(ended.code()))
}

/// The program's name without its directory.
fn name_of(program: &str) -> String {
    let name = Path::new(program).file_name();
    name.map_or_else(|| program.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The command as it may be kept: a secret among the arguments is masked, also one that follows its flag.
fn masked(command: &[String], redactor: &Redactor) -> Vec<String> {
    let mut class = KeyClass::of("command");
    let mut kept = Vec::with_capacity(command.len());
    for argument in command {
        kept.push(redactor.text(class, argument).into_owned());
        class = match argument.strip_prefix('-') {
            Some(flag) if !flag.contains('=') => KeyClass::of(flag.trim_start_matches('-')),
            _ => KeyClass::of("command"),
        };
    }
    kept
}

fn start(command: &[String], run: &Run, receiver: &Receiver, profiled: bool) -> std::io::Result<Child> {
    let mut child = Command::new(&command[0]);
    child
        .args(&command[1..])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint())
        .env(telensic_run::names::env::RUN_ENDPOINT, receiver.endpoint())
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if profiled {
        Profiling::tell(&mut child);
    }
    run.hand_over(&mut child).spawn()
}

/// Ends a run whose program was never started.
fn give_up(run: Run, error: &(dyn std::error::Error + 'static)) -> Failure {
    let message = error.to_string();
    match run.fail(error) {
        Ok(_) => Failure::Told(message),
        Err(second) => Failure::Told(format!("{message}; and the run cannot be concluded: {second}")),
    }
}

fn tell(arguments: &Arguments, screen: &mut Screen, concluded: &Concluded) -> Result<(), Failure> {
    for trouble in &concluded.troubles {
        screen.complain(trouble)?;
    }
    if arguments.quiet {
        return Ok(());
    }
    let verdict = match concluded.status {
        RunStatus::Succeeded => "succeeded",
        RunStatus::Failed => "failed",
        RunStatus::Interrupted => "was interrupted",
        RunStatus::Crashed => "crashed",
        RunStatus::Running => "goes on",
    };
    let (spans, logs) = (concluded.spans, concluded.logs);
    screen.complain(&format!(
        "run {} {verdict} after {}: {}, {}; {}",
        concluded.run.id(),
        units::duration(concluded.duration),
        units::counted(spans, "span"),
        units::counted(logs, "log record"),
        concluded.run.path().display(),
    ))?;
    Ok(())
}
