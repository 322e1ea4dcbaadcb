//! What a run rests on, in lines: code, configuration, seeds, inputs; and what came out.

use std::io;

use telensic_run::{Fingerprint, GitState, Provenance};

use super::lines::{HASH, MOST, line, rest};
use crate::screen::Screen;
use crate::units::{bytes, counted, grouped};

/// Shows what a run rests on.
pub(super) fn print(screen: &mut Screen, provenance: &Provenance) -> io::Result<()> {
    match &provenance.git {
        Some(git) => line(screen, "code", &code(git))?,
        None => line(screen, "code", "not in a git repository")?,
    }
    if let Some(configuration) = &provenance.configuration {
        let hash = configuration.hash.to_string();
        line(screen, "config", hash.get(..HASH).unwrap_or(&hash))?;
    }
    let seeds: Vec<String> = provenance
        .seeds
        .iter()
        .map(|(component, seed)| format!("{component} {}", seed.0))
        .collect();
    if !seeds.is_empty() {
        line(screen, "seeds", &seeds.join(", "))?;
    }
    for (topic, data) in [("input", &provenance.inputs), ("output", &provenance.outputs)] {
        for one in data.iter().take(MOST) {
            line(screen, topic, &fingerprint(one))?;
        }
        rest(screen, data.len())?;
    }
    Ok(())
}

fn code(git: &GitState) -> String {
    let mut text = git.sha.clone().unwrap_or_else(|| "no commit yet".to_owned());
    if let Some(branch) = &git.branch {
        text.push_str(&format!(" on {branch}"));
    }
    match git.dirty {
        Some(true) => text.push_str(&format!(
            ", dirty: {} changed",
            counted(git.changed_count, "file")
        )),
        Some(false) => text.push_str(", clean"),
        None => text.push_str(", state unknown"),
    }
    text
}

fn fingerprint(data: &Fingerprint) -> String {
    match data {
        Fingerprint::File(file) => {
            let mut text = format!("{} ({}", file.path, bytes(file.size));
            if let Some(table) = &file.table {
                text.push_str(&format!(", {} rows", grouped(table.row_count)));
            }
            if let Some(sha256) = &file.sha256 {
                let hash = sha256.to_string();
                text.push_str(&format!(", sha256 {}", hash.get(..HASH).unwrap_or(&hash)));
            }
            if let Some(error) = &file.error {
                text.push_str(&format!(", {error}"));
            }
            text.push(')');
            text
        }
        Fingerprint::Array(array) => format!("array {}", array.name),
        Fingerprint::Table(table) => format!("table {}", table.name),
    }
}
