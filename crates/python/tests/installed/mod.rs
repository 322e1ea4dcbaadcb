//! The package as a wheel would have it: Python's files, and the native module beside them.

use std::io;
use std::path::Path;

/// Puts it into this directory.
pub(crate) fn package(into: &Path) -> io::Result<()> {
    let package = into.join("telensic");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("telensic"), &package)?;
    let test = std::env::current_exe()?;
    let name = format!(
        "{}_telensic{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let built = test.with_file_name(&name);
    let suffix = if cfg!(windows) { "pyd" } else { "so" };
    std::fs::copy(built, package.join(format!("_telensic.{suffix}")))?;
    described(into)
}

/// What installers write of a package: others find its entry points there.
fn described(into: &Path) -> io::Result<()> {
    const GROUP: &str = "[project.entry-points.";
    let project = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("pyproject.toml"))?;
    let mut entry_points = String::new();
    let mut is_inside = false;
    for line in project.lines() {
        if line.starts_with('[') {
            is_inside = line.starts_with(GROUP);
        }
        if is_inside {
            entry_points += &line.replace(GROUP, "[").replace('"', "");
            entry_points.push('\n');
        }
    }
    let info = into.join("telensic-0.1.0.dist-info");
    std::fs::create_dir(&info)?;
    std::fs::write(
        info.join("METADATA"),
        "Metadata-Version: 2.1\nName: telensic\nVersion: 0.1.0\n",
    )?;
    std::fs::write(info.join("entry_points.txt"), entry_points)
}

fn copy(from: &Path, into: &Path) -> io::Result<()> {
    std::fs::create_dir(into)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let target = into.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
