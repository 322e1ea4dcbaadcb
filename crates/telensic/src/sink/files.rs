//! The sink that writes NDJSON files: `<dir>/<component>.jsonl`, rotated, compressed and deleted by age.
//!
//! Invariant: a line leaves memory only when it is in a file. While a file cannot be written, its lines wait and
//! are tried again every second; when more than [`MOST_WAITING`] bytes wait, the oldest lines are given up, and
//! counted. A round that is larger than that is written in parts, each sorted by itself.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use telensic_tape::otlp::{LogView, ScopeView};

use super::layout::LineWriter;
use super::lines::Lines;
use super::log_file::LogFile;
use super::log_sink::LogSink;
use super::options::LogFilesOptions;
use super::origin::LogOrigin;
use super::record::Record;
use super::rotated::component_name;
use super::sweep::Sweeper;
use super::trouble::{Doing, Report, Troubles};

/// How many components have a file of their own; the records of others go to `other.jsonl`.
const MOST_COMPONENTS: usize = 64;

const OTHER: &str = "other";

/// How many bytes of lines may wait for a disk that takes none.
const MOST_WAITING: usize = 32 << 20;

/// How long to leave a file alone after it could not be written.
const PAUSE: Duration = Duration::from_secs(1);

/// How long [`LogSink::close`] waits for files that are being compressed.
const LAST_SWEEP: Duration = Duration::from_secs(1);

/// Writes log records to files; see the [module](self).
pub(crate) struct FilesSink {
    rotate_at: Option<u64>,
    origin: Arc<LogOrigin>,
    writer: LineWriter,
    components: Components,
    troubles: Arc<Troubles>,
    sweeper: Sweeper,
    lost: u64,
    unwritten: usize,
    /// Whether the directory is known to be there and ours to write.
    has_written: bool,
}

/// A file for each component, and which component has which.
struct Components {
    dir: PathBuf,
    files: Vec<ComponentFile>,
    by_name: HashMap<String, usize>,
}

struct ComponentFile {
    file: LogFile,
    lines: Lines,
    retry_at: Option<Instant>,
}

impl FilesSink {
    /// Touches no file until the first line is to be written.
    pub(crate) fn new(options: &LogFilesOptions, origin: Arc<LogOrigin>, report: Report) -> Self {
        let troubles = Arc::new(Troubles::new(report));
        Self {
            rotate_at: options.rotate_at,
            writer: LineWriter::new(options.layout, Arc::clone(&origin)),
            origin,
            components: Components {
                dir: options.dir.clone(),
                files: Vec::new(),
                by_name: HashMap::new(),
            },
            sweeper: Sweeper::new(options, Arc::clone(&troubles)),
            troubles,
            lost: 0,
            unwritten: 0,
            has_written: false,
        }
    }

    fn write_out(&mut self) {
        for one in &mut self.components.files {
            if one.lines.is_empty() {
                continue;
            }
            one.lines.end_round();
            if one.retry_at.is_some_and(|at| Instant::now() < at) {
                continue;
            }
            let (rotated, outcome) = one.file.append(&mut one.lines, self.rotate_at, &self.troubles);
            if rotated {
                self.sweeper.request();
            }
            one.retry_at = None;
            match outcome {
                Ok(()) => self.has_written = true,
                Err(failed) => {
                    self.troubles.tell(failed.doing, one.file.path(), &failed.error);
                    one.retry_at = Some(Instant::now() + PAUSE);
                }
            }
        }
        self.give_up_the_oldest(MOST_WAITING);
    }

    /// Gives up lines until no more than this many bytes wait.
    fn give_up_the_oldest(&mut self, most: usize) {
        loop {
            let waiting = self
                .components
                .files
                .iter()
                .map(|one| one.lines.bytes())
                .sum::<usize>();
            self.unwritten = waiting;
            let longest = self
                .components
                .files
                .iter_mut()
                .max_by_key(|one| one.lines.bytes());
            let Some(one) = longest.filter(|one| waiting > most && !one.lines.is_empty()) else {
                return;
            };
            self.lost += one.lines.drop_oldest(waiting - most);
            let cause = std::io::Error::other("it could not be written in time");
            self.troubles.tell(Doing::Losing, one.file.path(), &cause);
        }
    }
}

impl LogSink for FilesSink {
    fn record(&mut self, scope: &ScopeView<'_>, log: &LogView<'_>) {
        let record = Record::new(scope, log, &self.origin);
        let lines = self.components.lines_of(record.component);
        let before = lines.bytes();
        lines.push(record.time, |out| self.writer.put(out, &record));
        self.unwritten += lines.bytes() - before;
        if self.unwritten > MOST_WAITING {
            self.write_out();
        }
    }

    fn end_of_round(&mut self) {
        if self.unwritten > 0 {
            self.write_out();
        }
        if self.has_written {
            self.sweeper.start_if_due();
        }
    }

    fn flush(&mut self) {
        for one in &mut self.components.files {
            one.retry_at = None;
        }
        self.end_of_round();
    }

    fn close(&mut self) {
        self.flush();
        self.give_up_the_oldest(0);
        if self.has_written {
            self.sweeper.wait(LAST_SWEEP);
        }
    }

    fn lost_lines(&self) -> u64 {
        self.lost
    }
}

impl Components {
    fn lines_of(&mut self, component: &str) -> &mut Lines {
        let index = match self.by_name.get(component) {
            Some(index) => *index,
            None if self.by_name.len() < MOST_COMPONENTS => {
                let index = self.file_named(&component_name(component));
                self.by_name.insert(component.to_owned(), index);
                index
            }
            None => self.file_named(OTHER),
        };
        &mut self.files[index].lines
    }

    /// The file of this name, which several components share whose names differ only in what no file name can hold.
    fn file_named(&mut self, name: &str) -> usize {
        let known = self.files.iter().position(|one| one.file.component() == name);
        known.unwrap_or_else(|| {
            self.files.push(ComponentFile {
                file: LogFile::new(&self.dir, name),
                lines: Lines::default(),
                retry_at: None,
            });
            self.files.len() - 1
        })
    }
}
