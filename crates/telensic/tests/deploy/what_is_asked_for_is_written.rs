//! Dashboards and rules ask only for metrics and labels that programs write, and name nothing that changes by itself.

use telensic::names::metric::{Metric, MetricKind, STANDARD};

use crate::shipped::{dashboards, deploy, expressions, files, read};

/// What Prometheus adds to every series, and what its queries speak of besides.
const OTHER_LABELS: [&str; 3] = ["job", "instance", "le"];

/// The standard metric that a series of this name is of.
fn metric_of(series: &str) -> Option<&'static Metric> {
    STANDARD.iter().find(|metric| match metric.kind {
        MetricKind::Histogram => {
            let part = series.strip_prefix(metric.name);
            part.is_some_and(|part| ["_bucket", "_sum", "_count"].contains(&part))
        }
        _ => metric.name == series,
    })
}

/// The words of a query that stand where names of series do, each with the labels in its braces.
fn series_in(query: &str) -> Vec<(String, Vec<String>)> {
    let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let mut found = Vec::new();
    for metric in [
        "adapter_",
        "stage_",
        "operation_",
        "operations_",
        "telensic_",
        "process_",
    ] {
        for (at, _) in query.match_indices(metric) {
            let is_start = !query[..at].ends_with(is_word);
            let word: String = query[at..].chars().take_while(|char| is_word(*char)).collect();
            let rest = &query[at + word.len()..];
            let is_label = rest.trim_start().starts_with(['=', '!', ',', ')']) && metric_of(&word).is_none();
            if is_start && !is_label {
                let braces = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
                let labels = braces
                    .map_or("", |(inside, _)| inside)
                    .split(", ")
                    .filter(|label| !label.is_empty());
                let name = |label: &str| label.split(['=', '!']).next().unwrap().to_owned();
                found.push((word, labels.map(name).collect()));
            }
        }
    }
    found
}

#[test]
fn every_metric_and_every_label_is_a_standard_one() {
    let of_rules = files("prometheus/rules", "yml").into_iter().flat_map(|file| {
        expressions(&read(&file))
            .into_iter()
            .map(move |query| (file.display().to_string(), query))
    });
    let of_dashboards = dashboards()
        .into_iter()
        .flat_map(|dashboard| [dashboard.queries(), dashboard.variables()].concat());
    let mut count = 0;
    for (place, query) in of_rules.chain(of_dashboards) {
        let series = series_in(&query);
        assert!(!series.is_empty(), "{place}: {query}");
        for (name, labels) in series {
            let metric = metric_of(&name).unwrap_or_else(|| panic!("{place}: nobody writes {name}"));
            for label in labels {
                let is_known = metric.labels.contains(&&*label) || OTHER_LABELS.contains(&&*label);
                assert!(is_known, "{place}: {name} has no label {label}");
            }
            count += 1;
        }
        for (_, by) in query
            .match_indices(" by (")
            .map(|(at, by)| (at, &query[at + by.len()..]))
        {
            for label in by.split_once(')').unwrap().0.split(", ") {
                let is_known = STANDARD.iter().any(|metric| metric.labels.contains(&label));
                assert!(is_known || OTHER_LABELS.contains(&label), "{place}: {label}");
            }
        }
    }
    assert!(count > 50, "{count} series");
}

#[test]
fn every_panel_says_where_its_data_comes_from_and_has_a_place_of_its_own() {
    for dashboard in dashboards() {
        let uid = dashboard.json["uid"].as_str().unwrap();
        assert!(uid.starts_with("telensic-"), "{uid}");
        let mut places = Vec::new();
        for panel in dashboard.panels() {
            assert_eq!(panel["datasource"]["uid"], "${datasource}", "{}", panel["title"]);
            places.push(panel["gridPos"].to_string());
        }
        let count = places.len();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), count, "{uid}");
    }
}

#[test]
fn every_image_has_a_version() {
    let compose = read(&deploy("compose.yaml"));
    let images: Vec<&str> = compose
        .lines()
        .filter_map(|line| line.trim().strip_prefix("image: "))
        .collect();
    assert_eq!(images.len(), 4);
    for image in images {
        let (name, version) = image.split_once(':').unwrap();
        assert!(
            version.starts_with(|char: char| char.is_ascii_digit() || char == 'v'),
            "{image}"
        );
        assert!(!name.contains('.'), "{image} is of one registry");
    }
    let ports: Vec<&str> = compose
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("- \""))
        .collect();
    assert!(
        ports.iter().all(|port| port.starts_with("- \"127.0.0.1:")),
        "{ports:?}"
    );
}
