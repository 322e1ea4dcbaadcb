//! Checks the events of a file: `events.jsonl`, or one JSON document, an event or a list of them.
//!
//! An event is `{"event": NAME, "fields": {...}}`, as in `events.jsonl`; if the user names the type, an object without
//! `fields` is taken for the fields themselves.

use std::fs;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use telensic_run::event::Schemas;

use crate::exit::Failure;

/// What a file's events come to.
#[derive(Default, Serialize)]
pub(crate) struct CheckedFile {
    /// Events that fit their schema.
    pub(crate) fit: u64,
    /// Events of a type without a schema, which is free to be anything.
    pub(crate) without_schema: u64,
    pub(crate) misfits: Vec<BadEvent>,
}

/// An event that does not fit, or is none.
#[derive(Serialize)]
pub(crate) struct BadEvent {
    /// The line, from 1, or the place in a list of events.
    pub(crate) number: u64,
    pub(crate) event: Option<String>,
    /// The field, as a JSON pointer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// Checks all events of a file.
pub(crate) fn check_file(file: &Path, name: Option<&str>, schemas: &Schemas) -> Result<CheckedFile, Failure> {
    let shown = file.display();
    let bytes = fs::read(file).map_err(|error| {
        Failure::Told(format!(
            "cannot read {shown}: {error}: name an events.jsonl or a JSON file"
        ))
    })?;
    let mut checked = CheckedFile::default();
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(Value::Array(events)) => {
            for (number, event) in (1..).zip(&events) {
                checked.take(number, event, name, schemas);
            }
        }
        Ok(event) => checked.take(1, &event, name, schemas),
        // Not one document: a line each.
        Err(_) => {
            for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
                match serde_json::from_slice::<Value>(line) {
                    _ if line.trim_ascii().is_empty() => {}
                    Ok(event) => checked.take(number, &event, name, schemas),
                    Err(error) => checked.bad(number, None, "", format!("no JSON: {error}")),
                }
            }
        }
    }
    if checked.fit + checked.without_schema == 0 && checked.misfits.is_empty() {
        return Err(Failure::Told(format!(
            "{shown} holds no event: name an events.jsonl or a JSON file"
        )));
    }
    Ok(checked)
}

impl CheckedFile {
    fn take(&mut self, number: u64, event: &Value, name: Option<&str>, schemas: &Schemas) {
        let said = event.get("event").and_then(Value::as_str);
        let Some(kind) = said.or(name) else {
            return self.bad(
                number,
                None,
                "",
                "no event: it has no member \"event\"; name its type".to_owned(),
            );
        };
        let fields = match (event.get("fields"), said) {
            (Some(fields), _) => fields,
            (None, None) => event,
            (None, Some(_)) => {
                return self.bad(
                    number,
                    Some(kind),
                    "",
                    "no event: it has no member \"fields\"".to_owned(),
                );
            }
        };
        if !fields.is_object() {
            return self.bad(number, Some(kind), "", "its fields are no JSON object".to_owned());
        }
        match schemas.check(kind, fields) {
            Err(misfit) => self.bad(number, Some(kind), misfit.path(), misfit.reason().to_owned()),
            Ok(()) if schemas.knows(kind) => self.fit += 1,
            Ok(()) => self.without_schema += 1,
        }
    }

    fn bad(&mut self, number: u64, event: Option<&str>, path: &str, reason: String) {
        self.misfits.push(BadEvent {
            number,
            event: event.map(str::to_owned),
            path: path.to_owned(),
            reason,
        });
    }
}
