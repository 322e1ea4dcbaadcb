//! The files in `deploy/`, and the queries in them.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

/// The directory, or what is in it.
pub(crate) fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../deploy")
        .join(path)
}

/// The files of a directory in it, with this ending.
pub(crate) fn files(dir: &str, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(deploy(dir))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == ending))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{dir}");
    files
}

pub(crate) fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A dashboard.
pub(crate) struct Dashboard {
    pub(crate) name: String,
    pub(crate) json: Json,
}

pub(crate) fn dashboards() -> Vec<Dashboard> {
    let of = |file: PathBuf| Dashboard {
        name: file.file_name().unwrap().to_string_lossy().into_owned(),
        json: serde_json::from_str(&read(&file)).unwrap(),
    };
    files("grafana/dashboards", "json").into_iter().map(of).collect()
}

impl Dashboard {
    pub(crate) fn panels(&self) -> impl Iterator<Item = &Json> {
        let panels = self.json["panels"].as_array().unwrap().iter();
        panels.filter(|panel| panel["type"] != "row")
    }

    /// Every query of a panel, and the panel's title.
    pub(crate) fn queries(&self) -> Vec<(String, String)> {
        let of = |panel: &Json| {
            let title = format!("{}: {}", self.name, panel["title"].as_str().unwrap());
            let targets = panel["targets"].as_array().unwrap().clone();
            let query = |target: &Json| target["expr"].as_str().unwrap().to_owned();
            targets
                .iter()
                .map(|target| (title.clone(), query(target)))
                .collect::<Vec<_>>()
        };
        self.panels().flat_map(of).collect()
    }

    /// Every series that its variables take their values from.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let list = self.json["templating"]["list"].as_array().unwrap();
        let asked = list.iter().filter_map(|variable| variable["definition"].as_str());
        let series = asked.map(|definition| {
            let inner = definition.strip_prefix("label_values(").unwrap();
            inner.rsplit_once(',').unwrap().0.to_owned()
        });
        series
            .map(|series| (format!("{}: variables", self.name), series))
            .collect()
    }
}

/// Every expression of a rule file, on one line each.
pub(crate) fn expressions(rules: &str) -> Vec<String> {
    let mut expressions = Vec::new();
    let mut lines = rules.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("expr:") else {
            continue;
        };
        let mut expression = first.trim().trim_start_matches(">-").to_owned();
        if expression.is_empty() {
            let is_key = |line: &str| {
                ["for:", "labels:", "annotations:"]
                    .iter()
                    .any(|key| line.starts_with(key))
            };
            while let Some(more) = lines.next_if(|line| !is_key(line)) {
                expression.push_str(more);
                expression.push(' ');
            }
        }
        expressions.push(expression);
    }
    expressions
}
