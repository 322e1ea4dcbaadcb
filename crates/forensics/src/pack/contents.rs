//! The files of a run, as a pack holds them.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use telensic_run::{RunDir, RunError, RunErrorKind};

use super::name;

/// A pack holds no more than this: beyond it browsers refuse to open one file.
pub const MOST_BYTES: u64 = 1 << 30;

/// So much is compressed by itself.
pub(super) const PIECE: usize = 4 << 20;

pub(super) const VERSION: u32 = 1;

pub(super) const INDEX_LINE: &str = "<script type=\"application/json\" id=\"pack-index\">";
pub(super) const END_LINE: &str = "</script>";

pub(super) fn block_line(number: usize) -> String {
    format!("<script type=\"text/plain\" id=\"pack-{number}\">")
}

/// What a pack says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Index {
    pub(super) version: u32,
    pub(super) files: Vec<PackedFile>,
    /// Symbolic links and special files, which are not held.
    pub(super) links: Vec<String>,
}

/// A file in a pack.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PackedFile {
    pub(super) path: String,
    pub(super) size: u64,
}

/// The files of a run that a pack will hold.
#[derive(Debug)]
pub struct PackContents {
    index: Index,
    paths: Vec<PathBuf>,
}

impl PackContents {
    /// All files in this run's directory; an error if they are more than a pack holds.
    pub fn of(run: &RunDir) -> Result<Self, RunError> {
        let mut found = Vec::new();
        let mut links = Vec::new();
        let mut directories = vec![(run.path().to_owned(), String::new())];
        while let Some((directory, prefix)) = directories.pop() {
            for entry in fs::read_dir(&directory).map_err(RunError::on("list", &directory))? {
                let entry = entry.map_err(RunError::on("list", &directory))?;
                let at = entry.path();
                let path = format!("{prefix}{}", name::text(&entry.file_name()));
                let metadata = fs::symlink_metadata(&at).map_err(RunError::on("look at", &at))?;
                if metadata.is_dir() {
                    directories.push((at, format!("{path}/")));
                } else if metadata.is_file() {
                    let size = metadata.len();
                    found.push((PackedFile { path, size }, at));
                } else {
                    links.push(path);
                }
            }
        }
        found.sort_unstable_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        links.sort_unstable();
        let (files, paths): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        let contents = Self {
            index: Index {
                version: VERSION,
                files,
                links,
            },
            paths,
        };
        if contents.bytes() > MOST_BYTES {
            return Err(RunError::new(
                RunErrorKind::Invalid,
                format!(
                    "{} holds {} MiB, a pack takes up to {} MiB: copy the directory instead, it verifies by itself",
                    run.path().display(),
                    contents.bytes() >> 20,
                    MOST_BYTES >> 20
                ),
            ));
        }
        Ok(contents)
    }

    /// How many bytes the files have.
    pub fn bytes(&self) -> u64 {
        self.index
            .files
            .iter()
            .fold(0, |sum, file| sum.saturating_add(file.size))
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        self.paths.len()
    }

    /// Writes index and blocks.
    pub(crate) fn put(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{INDEX_LINE}")?;
        // A path may well have a `<` in it.
        crate::report::html::put_json(out, &self.index)?;
        writeln!(out, "\n{END_LINE}")?;
        let mut piece = Vec::new();
        for (number, (file, path)) in self.index.files.iter().zip(&self.paths).enumerate() {
            writeln!(out, "{}", block_line(number))?;
            let naming = |error: io::Error| {
                io::Error::new(error.kind(), format!("cannot read {}: {error}", path.display()))
            };
            let mut input = File::open(path).map_err(naming)?;
            let mut left = file.size;
            while left > 0 {
                let want = left.min(PIECE as u64);
                piece.clear();
                let read = Read::by_ref(&mut input)
                    .take(want)
                    .read_to_end(&mut piece)
                    .map_err(naming)?;
                if read as u64 != want {
                    return Err(io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        format!(
                            "{} became shorter while it was packed: pack a run that has ended",
                            path.display()
                        ),
                    ));
                }
                left -= want;
                put_piece(out, &piece)?;
            }
            writeln!(out, "{END_LINE}")?;
        }
        Ok(())
    }
}

fn put_piece(out: &mut impl Write, piece: &[u8]) -> io::Result<()> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(piece)?;
    let packed = encoder.finish()?;
    writeln!(out, "{}", STANDARD.encode(packed))
}
