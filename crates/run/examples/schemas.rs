//! Writes the JSON Schemas of the standard events to `schemas/`: `cargo run -p telensic-run --example schemas`.

use std::fs;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    fs::create_dir_all(&directory)?;
    for (name, content) in telensic_run::event::schema_files() {
        fs::write(directory.join(name), content)?;
    }
    Ok(())
}
