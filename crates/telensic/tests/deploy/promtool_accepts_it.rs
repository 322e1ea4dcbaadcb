//! Prometheus' own tool finds nothing wrong with configuration and rules, and each alert fires and resolves in its unit
//! test.

use std::path::Path;
use std::process::Command;

use crate::peer::program;
use crate::shipped::{deploy, expressions, files, read};

/// Runs promtool, if it is there, which must find nothing wrong.
fn promtool(arguments: &[&str], files: &[impl AsRef<Path>]) {
    let Some(program) = program("promtool") else {
        return;
    };
    let mut command = Command::new(program);
    command.args(arguments).args(files.iter().map(AsRef::as_ref));
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_configuration_and_the_rules_it_names() {
    promtool(&["check", "config"], &[deploy("prometheus/prometheus.yml")]);
    promtool(&["check", "rules"], &files("prometheus/rules", "yml"));
}

#[test]
fn every_alert_fires_and_resolves_in_its_unit_test() {
    for rules in files("prometheus/rules", "yml") {
        let text = read(&rules);
        let name = rules.file_name().unwrap();
        let tests = deploy("prometheus/tests").join(name);
        let test = read(&tests);
        let alerts: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("- alert: "))
            .collect();
        assert_eq!(alerts.len(), expressions(&text).len(), "{}", rules.display());
        for alert in alerts {
            let cases: Vec<&str> = test
                .split("- eval_time:")
                .filter(|case| case.contains(alert))
                .collect();
            let quiet = cases
                .iter()
                .filter(|case| case.contains("exp_alerts: []"))
                .count();
            assert!(
                quiet >= 2 && quiet < cases.len(),
                "{alert} is tested before, while, and after it fires"
            );
        }
    }
    promtool(&["test", "rules"], &files("prometheus/tests", "yml"));
}
