//! A data root with sealed runs, and ways of tampering with them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use telensic_run::{
    DataRoot, Manifest, RunDir, RunError, RunId, RunStatus, Seal, SigningKey, Verification, VerifyOptions,
    seal, verify,
};
use telensic_tape::format::header;
use telensic_tape::otlp::{self, Value, field};
use telensic_tape::{Clerk, Clock, Lane, Mode, Signal, TapeOptions, TapeWriter, UnixNanos};

/// A root and a key of this test's own.
pub(crate) struct Office {
    dir: tempfile::TempDir,
    pub(crate) root: DataRoot,
    pub(crate) key: SigningKey,
}

impl Office {
    pub(crate) fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = DataRoot::new(dir.path().join("data"));
        let key = SigningKey::load_or_create_at(&dir.path().join("seal.key")).unwrap();
        Self { dir, root, key }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A finished run with one tape of three chunks, and one file more for each.
    pub(crate) fn finished(&self, number: u16) -> RunDir {
        let run = begun(&self.root, number);
        write_tape(&run, 40);
        finish(&run);
        run
    }

    pub(crate) fn sealed(&self, number: u16) -> RunDir {
        let run = self.finished(number);
        self.seal(&run).unwrap();
        run
    }

    pub(crate) fn seal(&self, run: &RunDir) -> Result<Seal, RunError> {
        seal(run, Some(&self.root), &self.key)
    }

    pub(crate) fn verify(&self, run: &RunDir) -> Result<Verification, RunError> {
        let options = VerifyOptions {
            public_key: Some(self.key.public_key()),
            ledger: Some(&self.root),
        };
        verify(run, options)
    }

    /// What is found in the run, in words; that it cannot be read is a finding too.
    pub(crate) fn findings(&self, run: &RunDir) -> Vec<String> {
        match self.verify(run) {
            Ok(verification) => in_words(&verification),
            Err(error) => vec![error.to_string()],
        }
    }
}

pub(crate) fn in_words(verification: &Verification) -> Vec<String> {
    verification.findings.iter().map(ToString::to_string).collect()
}

/// What a copy that lies by itself shows.
pub(crate) fn findings_alone(run: &RunDir) -> Vec<String> {
    match verify(run, VerifyOptions::default()) {
        Ok(verification) => in_words(&verification),
        Err(error) => vec![error.to_string()],
    }
}

/// A run that has begun; runs of one root begin a second after another.
pub(crate) fn begun(root: &DataRoot, number: u16) -> RunDir {
    let start = UnixNanos((1_769_342_400 + u64::from(number)) * 1_000_000_000);
    let run = root.create_run(RunId::of(start, number)).unwrap();
    run.write_manifest(&Manifest::begin(run.id(), "nightly")).unwrap();
    run
}

/// Writes the files that a run ends with.
pub(crate) fn finish(run: &RunDir) {
    let lines: String = (0..20)
        .map(|bar| {
            format!(
                "{{\"event\":\"epoch_detected\",\"run\":\"{}\",\"bar\":{bar}}}\n",
                run.id()
            )
        })
        .collect();
    fs::write(run.events(), lines).unwrap();
    fs::write(run.metrics(), format!("# of {}\nup 1\n", run.id())).unwrap();
    fs::write(run.forensic_trace(), "[]\n").unwrap();
    fs::write(run.health_report(), "# Pipeline Health\n").unwrap();
    let mut manifest = run.manifest().unwrap();
    manifest.status = RunStatus::Succeeded;
    manifest.trace_id = Some("4bf92f3577b34da6a3ce929d0e0e4736".to_owned());
    manifest.root_span_id = Some("00f067aa0ba902b7".to_owned());
    run.write_manifest(&manifest).unwrap();
}

/// A tape on which a test goes on writing.
pub(crate) struct Pen {
    pub(crate) tape: TapeWriter,
    pub(crate) clerk: Clerk,
    lanes: Vec<Lane>,
}

impl Pen {
    pub(crate) fn new(run: &RunDir) -> Self {
        let options = TapeOptions::new(run.tapes()).mode(Mode::Run).open_spans(64);
        let (tape, clerk) = TapeWriter::create(options);
        let mut scope = Vec::new();
        otlp::put_scope(&mut scope, "tests", "1.0");
        let scope: Arc<[u8]> = Arc::from(scope);
        let lanes = [Signal::Spans, Signal::Logs]
            .map(|signal| tape.lane(signal, Arc::clone(&scope), true, 1))
            .into();
        Self { tape, clerk, lanes }
    }

    /// Writes a span and a log record, each with this ballast.
    pub(crate) fn write(&mut self, number: u64, ballast: usize) {
        let ballast = "x".repeat(ballast);
        let mut span = Vec::new();
        otlp::put_bytes(&mut span, field::span::TRACE_ID, &[7; 16]);
        otlp::put_bytes(&mut span, field::span::SPAN_ID, &(number + 1).to_be_bytes());
        otlp::put_bytes(&mut span, field::span::NAME, b"run_stage:load");
        otlp::put_fixed64(&mut span, field::span::START, 1);
        otlp::put_fixed64(&mut span, field::span::END, 2);
        otlp::put_attribute(&mut span, field::span::ATTRIBUTE, "ballast", Value::Str(&ballast));
        self.lanes[0].append(&span, Clock::get().now()).unwrap();
        let mut log = Vec::new();
        Value::Str(&ballast).put(&mut log, field::log::BODY);
        self.lanes[1].append(&log, Clock::get().now()).unwrap();
    }

    pub(crate) fn close(self) -> PathBuf {
        let path = self.tape.path().unwrap().to_owned();
        drop(self.lanes);
        self.clerk.close(&mut |_| {});
        path
    }
}

/// A closed tape of so many spans and log records of about 1 KiB each.
pub(crate) fn write_tape(run: &RunDir, records: u64) -> PathBuf {
    let mut pen = Pen::new(run);
    for number in 0..records {
        pen.write(number, 1000);
    }
    pen.close()
}

/// Where a tape's cells begin.
pub(crate) fn grid(tape: &[u8]) -> usize {
    let offset = tape[header::GRID_OFFSET..header::GRID_OFFSET + 8].try_into();
    u64::from_le_bytes(offset.unwrap()) as usize
}

/// All files below, the seal and the ledger included.
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Whether one of the findings has all these words.
#[track_caller]
pub(crate) fn assert_names(findings: &[String], words: &[&str]) {
    let is_named = |finding: &String| words.iter().all(|word| finding.contains(word));
    assert!(findings.iter().any(is_named), "{words:?} in {findings:#?}");
}
