//! From a pack back to a run's directory.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use hashbrown::HashSet;
use telensic_run::{RunError, RunErrorKind};

use super::contents::{END_LINE, INDEX_LINE, Index, MOST_BYTES, PIECE, VERSION, block_line};
use super::name;

/// A line of a pack is no longer than this: base64 of a piece that does not shrink, with room to spare; or an index.
const LONGEST_LINE: u64 = 64 << 20;

/// What was taken out of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// How many files.
    pub files: usize,
    /// Symbolic links and special files that the run had and a pack does not hold.
    pub not_held: Vec<String>,
}

/// Whether this file begins as a page does, so that it may be a pack and is certainly no directory or `run.json`.
pub fn is_pack(file: &Path) -> bool {
    let mut start = [0; 15];
    File::open(file).is_ok_and(|mut file| file.read_exact(&mut start).is_ok())
        && start.eq_ignore_ascii_case(b"<!doctype html>")
}

/// Writes the files of a pack into this directory, which must be empty or not there yet.
///
/// A pack may come from anywhere: names that lead out of the directory, files that are there twice or larger than they
/// say are errors. What was altered within a file is not for this to find, but for `verify`.
pub fn unpack(pack: &Path, directory: &Path) -> Result<Unpacked, RunError> {
    let mut lines = Lines::open(pack)?;
    while lines.next()? != Some(INDEX_LINE) {
        if lines.is_at_end {
            return Err(
                lines.broken("it has no index: it is a report or some other page, not an evidence pack")
            );
        }
    }
    let index = read_index(&mut lines)?;
    let paths = checked_paths(&index, &lines)?;
    make_empty(directory)?;
    for (number, (file, path)) in index.files.iter().zip(&paths).enumerate() {
        let block = block_line(number);
        while lines.next()? != Some(&block) {
            if lines.is_at_end {
                return Err(lines.broken(&format!("it ends before {}", file.path)));
            }
        }
        let at = directory.join(path);
        if let Some(parent) = at.parent() {
            make_private(parent).map_err(RunError::on("make", parent))?;
        }
        let mut out = create(&at).map_err(RunError::on("make", &at))?;
        write_file(&mut lines, &file.path, file.size, &mut out, &at)?;
    }
    Ok(Unpacked {
        files: index.files.len(),
        not_held: index.links,
    })
}

fn read_index(lines: &mut Lines) -> Result<Index, RunError> {
    let line = lines.next()?.unwrap_or_default().to_owned();
    let index: Index = serde_json::from_str(&line)
        .map_err(|error| lines.broken(&format!("its index cannot be read ({error})")))?;
    if index.version > VERSION {
        return Err(RunError::new(
            RunErrorKind::NewerFormat,
            format!(
                "{} has pack format {}, this build reads up to {VERSION}: use a newer telensic",
                lines.path.display(),
                index.version
            ),
        ));
    }
    let bytes = index
        .files
        .iter()
        .fold(0u64, |sum, file| sum.saturating_add(file.size));
    if bytes > MOST_BYTES {
        return Err(lines.broken(&format!("its files would take {} MiB", bytes >> 20)));
    }
    Ok(index)
}

fn checked_paths(index: &Index, lines: &Lines) -> Result<Vec<PathBuf>, RunError> {
    let mut seen = HashSet::new();
    let mut paths = Vec::with_capacity(index.files.len());
    for file in &index.files {
        let Some(path) = name::path(&file.path) else {
            return Err(lines.broken(&format!(
                "the name {:?} leads out of the run's directory",
                file.path
            )));
        };
        if !seen.insert(path.clone()) {
            return Err(lines.broken(&format!("{:?} is there twice", file.path)));
        }
        paths.push(path);
    }
    Ok(paths)
}

fn write_file(lines: &mut Lines, name: &str, size: u64, out: &mut File, at: &Path) -> Result<(), RunError> {
    let mut left = size;
    let mut piece = Vec::new();
    loop {
        let line = lines.next()?;
        if line == Some(END_LINE) {
            break;
        }
        let packed = line.and_then(|line| STANDARD.decode(line).ok());
        piece.clear();
        let unpacked = packed.map(|packed| {
            // One byte more than fits tells a piece that is too large from one that is not.
            DeflateDecoder::new(&packed[..])
                .take(left.min(PIECE as u64) + 1)
                .read_to_end(&mut piece)
        });
        match unpacked {
            Some(Ok(read)) if read as u64 <= left && read <= PIECE => left -= read as u64,
            _ => return Err(lines.broken(&format!("{name} cannot be unpacked"))),
        }
        out.write_all(&piece).map_err(RunError::on("write", at))?;
    }
    if left > 0 {
        return Err(lines.broken(&format!("{left} bytes of {name} are missing")));
    }
    Ok(())
}

fn make_empty(directory: &Path) -> Result<(), RunError> {
    make_private(directory).map_err(RunError::on("make", directory))?;
    let mut entries = fs::read_dir(directory).map_err(RunError::on("list", directory))?;
    if entries.next().is_some() {
        return Err(RunError::new(
            RunErrorKind::Invalid,
            format!(
                "{} is not empty: name a directory that is not there yet",
                directory.display()
            ),
        ));
    }
    Ok(())
}

fn make_private(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(directory)
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// The lines of a pack, one at a time.
struct Lines {
    input: BufReader<File>,
    path: PathBuf,
    line: String,
    is_at_end: bool,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, RunError> {
        let input = File::open(path).map_err(RunError::on("open", path))?;
        Ok(Self {
            input: BufReader::with_capacity(1 << 20, input),
            path: path.to_owned(),
            line: String::new(),
            is_at_end: false,
        })
    }

    /// The next line without its end; none behind the last.
    fn next(&mut self) -> Result<Option<&str>, RunError> {
        self.line.clear();
        let limited = &mut (&mut self.input).take(LONGEST_LINE);
        let read = limited
            .read_line(&mut self.line)
            .map_err(RunError::on("read", &self.path))?;
        self.is_at_end = read == 0;
        if self.is_at_end {
            return Ok(None);
        }
        Ok(Some(self.line.trim_end_matches(['\n', '\r'])))
    }

    fn broken(&self, what: &str) -> RunError {
        RunError::new(
            RunErrorKind::NotARun,
            format!(
                "{} is no whole evidence pack: {what}; get another copy",
                self.path.display()
            ),
        )
    }
}
