//! Where the demonstration happens: a data root of its own, with the input file in it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use telensic::DataRoot;

use crate::exit::Failure;

/// Here, where it is seen, and not among temporary files, where it is gone when one wants to look at it again.
const USUAL: &str = "telensic-demo";

/// A data root in which nothing but demonstrations was recorded.
pub(crate) struct Place(DataRoot);

impl Place {
    /// This directory, or the usual one. It is made; one that is there must be empty, or a demonstration's.
    pub(crate) fn of(data: Option<&Path>) -> Result<Self, Failure> {
        let place = Self(DataRoot::new(data.unwrap_or(Path::new(USUAL))));
        let path = place.path();
        let cannot = |error| {
            Failure::Told(format!(
                "cannot use {}: {error}: name a directory that can be made and written with --data",
                path.display()
            ))
        };
        fs::create_dir_all(path).map_err(cannot)?;
        let mut entries = fs::read_dir(path).map_err(cannot)?;
        if entries.next().is_some() && !place.nav().exists() {
            return Err(Failure::Told(format!(
                "{} holds something else than a demonstration: name a directory of its own with --data",
                path.display()
            )));
        }
        Ok(place)
    }

    /// Where runs are kept.
    pub(crate) fn root(&self) -> &DataRoot {
        &self.0
    }

    /// The directory.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The input file.
    pub(crate) fn nav(&self) -> PathBuf {
        self.path().join("nav.csv")
    }

    /// A command on a run of it, as one can type it; the end of it names this place.
    pub(crate) fn command(&self, words: &str) -> String {
        let path = self.path().as_os_str();
        format!("telensic {words} --data {}", quoted(path))
    }
}

/// As a shell takes it for one word.
fn quoted(path: &OsStr) -> String {
    let text = path.to_string_lossy();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+=:@%,".contains(&byte);
    if text.bytes().all(is_plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_for_a_shell() {
        for (path, word) in [
            ("/tmp/a-b_c.d", "/tmp/a-b_c.d"),
            ("my runs", "'my runs'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
        ] {
            assert_eq!(quoted(OsStr::new(path)), word);
        }
    }
}
