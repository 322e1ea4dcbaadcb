//! The schemas that free-form events are held against: the standard ones and the user's own.
//!
//! A schema is never fetched: one that refers to something outside of itself is refused when it is registered.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;

use super::Misfit;
use super::schema::{STANDARD, Standard};
use crate::{RunError, RunErrorKind};

/// The only dialect that is taken.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// All known types of events.
#[derive(Debug)]
pub struct Schemas(BTreeMap<String, Known>);

enum Known {
    /// Its validator is made when the first event of its type is checked: most programs send few types.
    Standard(&'static Standard, OnceLock<Result<Validator, String>>),
    /// One of the user's own.
    Own(Value, Validator),
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Standard(..) => "Standard",
            Self::Own(..) => "Own",
        })
    }
}

impl Default for Schemas {
    fn default() -> Self {
        Self::standard()
    }
}

impl Schemas {
    /// Those of the standard events.
    pub fn standard() -> Self {
        let known = |event: &'static Standard| Known::Standard(event, OnceLock::new());
        Self(
            STANDARD
                .iter()
                .map(|event| (event.name.to_owned(), known(event)))
                .collect(),
        )
    }

    /// Adds the schema of an event of the user's own, of draft 2020-12.
    pub fn register(&mut self, name: &str, schema: Value) -> Result<(), RunError> {
        self.add(name, schema).map_err(|reason| {
            RunError::new(
                RunErrorKind::Invalid,
                format!("the schema of the event {name:?} cannot be used: {reason}"),
            )
        })
    }

    /// Adds every `<event name>.json` of a directory, and says how many there were.
    pub fn register_directory(&mut self, directory: &Path) -> Result<usize, RunError> {
        let on_directory = |error| RunError::io("list", directory, error);
        let mut paths = Vec::new();
        for entry in fs::read_dir(directory).map_err(on_directory)? {
            let path = entry.map_err(on_directory)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                paths.push(path);
            }
        }
        paths.sort_unstable();
        for path in &paths {
            let bytes = fs::read(path).map_err(RunError::on("read", path))?;
            let name = path.file_stem().and_then(|stem| stem.to_str());
            let added = name
                .ok_or_else(|| "the file's name is no text; rename it to <event name>.json".to_owned())
                .and_then(|name| {
                    let schema = serde_json::from_slice(&bytes).map_err(|error| one_line(&error))?;
                    self.add(name, schema)
                });
            added.map_err(|reason| {
                RunError::new(
                    RunErrorKind::Invalid,
                    format!("{} is no schema that can be used: {reason}", path.display()),
                )
            })?;
        }
        Ok(paths.len())
    }

    fn add(&mut self, name: &str, schema: Value) -> Result<(), String> {
        if name.is_empty() {
            return Err("the event has no name; give it one".to_owned());
        }
        let place = match self.0.entry(name.to_owned()) {
            // The schema that was there, once more: a directory may hold copies of the standard ones.
            Entry::Occupied(there) if there.get().schema() == schema => return Ok(()),
            Entry::Occupied(_) => {
                return Err("there is another one of this name; rename the event".to_owned());
            }
            Entry::Vacant(place) => place,
        };
        let validator = validator(&schema)?;
        place.insert(Known::Own(schema, validator));
        Ok(())
    }

    /// Whether there is a schema for this type of event.
    pub fn knows(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All types of events that there is a schema for, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The schema of this type of event.
    pub fn schema(&self, name: &str) -> Option<Value> {
        self.0.get(name).map(Known::schema)
    }

    /// Whether these fields, an object, are an event of this type. One without a schema is free to be anything.
    ///
    /// What passes as a standard event can be read as its type.
    pub fn check(&self, name: &str, fields: &Value) -> Result<(), Misfit> {
        match self.0.get(name) {
            None => Ok(()),
            Some(Known::Own(_, validator)) => validate(validator, fields),
            Some(Known::Standard(event, made)) => {
                match made.get_or_init(|| validator(&(event.schema)())) {
                    Ok(validator) => validate(validator, fields)?,
                    Err(reason) => return Err(Misfit::new("", reason)),
                }
                (event.read)(fields).map_err(|error| Misfit::new("", &error.to_string()))
            }
        }
    }
}

impl Known {
    fn schema(&self) -> Value {
        match self {
            Self::Standard(event, _) => (event.schema)(),
            Self::Own(schema, _) => schema.clone(),
        }
    }
}

fn validate(validator: &Validator, fields: &Value) -> Result<(), Misfit> {
    validator.validate(fields).map_err(|error| {
        let path = error.instance_path().to_string();
        Misfit::new(path, &error.masked_with("the value").to_string())
    })
}

fn validator(schema: &Value) -> Result<Validator, String> {
    if let Some(draft) = schema.get("$schema")
        && draft.as_str().map(|draft| draft.trim_end_matches('#')) != Some(DRAFT)
    {
        return Err(format!("its $schema is {draft}; write it for {DRAFT}"));
    }
    jsonschema::draft202012::new(schema).map_err(|error| {
        let path = error.instance_path().to_string();
        let place = if path.is_empty() { "the schema" } else { &path };
        format!("at {place}: {}", one_line(&error))
    })
}

fn one_line(error: &dyn std::fmt::Display) -> String {
    error.to_string().replace(['\n', '\r'], " ")
}
