//! Against which versions the race was run.

/// The rivals and the versions that the manifest pins them to.
pub(crate) fn versions() -> String {
    let manifest = include_str!("../Cargo.toml");
    let pinned = manifest.lines().filter_map(|line| {
        let (name, rest) = line.split_once(" = ")?;
        let (_, version) = rest.split_once("\"=")?;
        Some(format!("{name} {}", version.split_once('"')?.0))
    });
    pinned.collect::<Vec<_>>().join(", ")
}
