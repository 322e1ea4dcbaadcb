//! `telensic schema`: the JSON Schemas of events, and whether events fit them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use serde_json::Value;
use telensic_run::event::Schemas;

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::schema::{CheckedFile, check_file};
use crate::screen::{FAINT, STRONG, Screen};
use telensic_run::Visible;

/// Show the JSON Schemas of events, or check events against them
///
/// Exit code 1: an event does not fit its schema.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Show this schema alone; with --check, the type of events that do not say it
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Check the events of this file: an events.jsonl, or a JSON document
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
    /// Add the schemas of this directory, one <event name>.json each
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let mut schemas = Schemas::standard();
    if let Some(directory) = &arguments.dir {
        schemas.register_directory(directory)?;
    }
    let name = arguments.name.as_deref();
    if let Some(unknown) = name.filter(|name| !schemas.knows(name)) {
        return Err(Failure::Told(format!(
            "there is no schema of the event {unknown}: `telensic schema` lists them, --dir adds your own"
        )));
    }
    match (&arguments.check, name) {
        (Some(file), _) => {
            let checked = check_file(file, name, &schemas)?;
            print_checked(screen, arguments, &checked, &file.display().to_string())
        }
        (None, Some(name)) => show(screen, arguments.json, &schemas.schema(name).unwrap_or_default()),
        (None, None) => list(screen, arguments.json, &schemas),
    }
}

fn show(screen: &mut Screen, as_json: bool, schema: &Value) -> Result<Outcome, Failure> {
    if as_json {
        json::write_line(screen, schema)?;
        return Ok(Outcome::Fine);
    }
    for line in format!("{schema:#}").lines() {
        writeln!(screen, "{}", Visible(line))?;
    }
    Ok(Outcome::Fine)
}

fn list(screen: &mut Screen, as_json: bool, schemas: &Schemas) -> Result<Outcome, Failure> {
    let all = schemas
        .names()
        .map(|name| (name, schemas.schema(name).unwrap_or_default()));
    let all: BTreeMap<&str, Value> = all.collect();
    if as_json {
        json::write_line(screen, &all)?;
        return Ok(Outcome::Fine);
    }
    let width = all
        .keys()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or_default();
    for (name, schema) in &all {
        let described = schema
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let first = described.lines().next().unwrap_or_default();
        let name = format!("{:<width$}", Visible(name).to_string());
        writeln!(
            screen,
            "{}  {}",
            screen.paint(STRONG, name),
            screen.paint(FAINT, Visible(first))
        )?;
    }
    Ok(Outcome::Fine)
}

fn print_checked(
    screen: &mut Screen,
    arguments: &Arguments,
    checked: &CheckedFile,
    file: &str,
) -> Result<Outcome, Failure> {
    if arguments.json {
        json::write_line(screen, checked)?;
    } else {
        for bad in &checked.misfits {
            let event = bad.event.as_deref().unwrap_or("no event");
            let path = if bad.path.is_empty() {
                ""
            } else {
                &format!("{}: ", bad.path)
            };
            let line = format!("{file}:{}: {event}: {path}{}", bad.number, bad.reason);
            writeln!(screen, "{}", Visible(&line))?;
        }
        writeln!(
            screen,
            "{} fit, {} do not, {} have no schema",
            checked.fit,
            checked.misfits.len(),
            checked.without_schema
        )?;
    }
    Ok(Outcome::fine_if(checked.misfits.is_empty()))
}
