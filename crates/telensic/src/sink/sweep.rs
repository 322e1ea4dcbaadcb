//! Compressing rotated files, and deleting the old ones.
//!
//! Done on a thread that lives only while there is work, so that the clerk is not held up. A rotated file is
//! compressed to a temporary name, synced and renamed, and only then removed: whenever the process dies, the plain
//! or the compressed file is there, and the next sweep finishes the work. Several processes may sweep the same
//! directory: who compresses a file holds its lock. Where there are no locks, files stay uncompressed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::lock::Held;
use super::options::LogFilesOptions;
use super::platform;
use super::rotated::{Form, RotatedName, compressed, now, unfinished};
use super::trouble::{Doing, Troubles};

/// Starts sweeps of one directory, one at a time.
pub(super) struct Sweeper {
    dir: PathBuf,
    keep: Option<Duration>,
    compress: bool,
    troubles: Arc<Troubles>,
    running: Option<JoinHandle<()>>,
    wanted: bool,
}

enum Job {
    Compress(PathBuf),
    Delete(PathBuf),
}

impl Sweeper {
    /// The first sweep is due at once, for what earlier processes left.
    pub(super) fn new(options: &LogFilesOptions, troubles: Arc<Troubles>) -> Self {
        Self {
            dir: options.dir.clone(),
            keep: options.keep,
            compress: options.compress,
            troubles,
            running: None,
            wanted: true,
        }
    }

    /// Asks for a sweep, after the one that may be running.
    pub(super) fn request(&mut self) {
        self.wanted = true;
    }

    /// Starts the sweep that was asked for, unless one is running.
    pub(super) fn start_if_due(&mut self) {
        if !self.wanted || self.running.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        self.wanted = false;
        self.running = None;
        let jobs = self.jobs();
        if jobs.is_empty() {
            return;
        }
        let troubles = Arc::clone(&self.troubles);
        let thread = thread::Builder::new().name("telensic-sweep".to_owned());
        match thread.spawn(move || jobs.iter().for_each(|job| job.run(&troubles))) {
            Ok(thread) => self.running = Some(thread),
            Err(error) => self.troubles.tell(Doing::Starting, &self.dir, &error),
        }
    }

    /// Waits for the sweeps that were asked for, but no longer than this; what is not done then is left to another
    /// process.
    pub(super) fn wait(&mut self, limit: Duration) {
        let deadline = Instant::now() + limit;
        loop {
            self.start_if_due();
            let running = self.running.as_ref().is_some_and(|thread| !thread.is_finished());
            if !running && !self.wanted || Instant::now() >= deadline {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn jobs(&self) -> Vec<Job> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => {
                self.troubles.tell(Doing::Listing, &self.dir, &error);
                return Vec::new();
            }
        };
        let now = now();
        entries
            .flatten()
            .filter_map(|entry| self.job(&entry, now.0))
            .collect()
    }

    fn job(&self, entry: &fs::DirEntry, now: u64) -> Option<Job> {
        let name = RotatedName::parse(entry.file_name().to_str()?)?;
        if !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            return None;
        }
        let age = Duration::from_nanos(now.saturating_sub(name.at.0));
        if self.keep.is_some_and(|keep| age > keep) {
            return Some(Job::Delete(entry.path()));
        }
        (self.compress && name.form == Form::Plain).then(|| Job::Compress(entry.path()))
    }
}

impl Job {
    fn run(&self, troubles: &Troubles) {
        let (doing, path, outcome) = match self {
            Self::Compress(path) => (Doing::Compressing, path, compress(path)),
            Self::Delete(path) => (Doing::Deleting, path, fs::remove_file(path)),
        };
        match outcome {
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => troubles.tell(doing, path, &error),
            Ok(()) => {}
        }
    }
}

/// Replaces a rotated file by its compressed form; leaves it to another process that is at it already.
fn compress(plain: &Path) -> io::Result<()> {
    // Open for writing too, as some network file systems demand it for the lock.
    let source = OpenOptions::new().read(true).write(true).open(plain)?;
    let held = match Held::wait(&source) {
        Err(error) if error.kind() == io::ErrorKind::TimedOut => return Ok(()),
        held => held?,
    };
    if !held.is_exclusive() || !platform::leads_to(plain, &source)? {
        return Ok(());
    }
    let part = unfinished(plain);
    let done = gzip(&source, &part).and_then(|()| fs::rename(&part, compressed(plain)));
    if let Err(error) = done {
        fs::remove_file(&part).ok();
        return Err(error);
    }
    platform::sync_dir(plain.parent().unwrap_or(plain))?;
    fs::remove_file(plain)
}

fn gzip(mut source: &File, target: &Path) -> io::Result<()> {
    let mut encoder = GzEncoder::new(platform::create_empty(target)?, Compression::default());
    io::copy(&mut source, &mut encoder)?;
    encoder.finish()?.sync_all()
}
