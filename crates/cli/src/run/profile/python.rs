//! Whether a program is Python.

use std::env;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The interpreter that this program is run by, if it is Python: the program itself, or that of its first line.
pub(super) fn interpreter(program: &str) -> Option<PathBuf> {
    let path = on_path(program)?;
    if is_python(&path) {
        return Some(path);
    }
    let mut start = Vec::new();
    File::open(&path).ok()?.take(256).read_to_end(&mut start).ok()?;
    let line = start.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    // `#!/usr/bin/env -S python3 -u`
    let mut words = line.split_ascii_whitespace();
    let named = words.find(|word| is_python(Path::new(word)))?;
    on_path(named)
}

/// Where a program lies that is named as in a shell.
pub(super) fn on_path(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|path| path.is_file());
    }
    let directories = env::var_os("PATH")?;
    env::split_paths(&directories)
        .map(|directory| directory.join(program))
        .find(|path| path.is_file())
}

fn is_python(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let version = name.strip_prefix("python");
    version.is_some_and(|version| {
        version
            .chars()
            .all(|character| character.is_ascii_digit() || character == '.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_is_known_by_its_name_and_a_script_by_its_first_line() {
        let dir = tempfile::tempdir().unwrap();
        let place = |name: &str, content: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, content).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let python = place("python3.11", "");
        assert_eq!(interpreter(&python).unwrap(), Path::new(&python));
        let script = place("nightly", &format!("#!{python} -u\nprint()\n"));
        assert_eq!(interpreter(&script).unwrap(), Path::new(&python));
        for (name, content) in [
            ("sh", "#!/bin/sh\n"),
            ("pythonic", ""),
            ("data", "\0\u{1}"),
            ("empty", ""),
        ] {
            assert_eq!(interpreter(&place(name, content)), None, "{name}");
        }
        assert_eq!(interpreter("no such program"), None);
    }
}
