//! "Pipeline Health": the health report as Markdown, made to be read in a terminal as well.
//!
//! What matters most comes first, and a section without content is left out. Text from records is made harmless.

mod record;

use std::fmt::Write;

use telensic_run::{Exit, RunStatus};

use super::human::{bytes, duration, harmless, moment, percent};
use super::table::Table;
use crate::health::{Health, Listed, PathReport, StageBasis};

/// The report of this run.
pub fn health(health: &Health) -> String {
    let mut page = Page(String::new());
    page.head(health);
    page.anomalies(health);
    page.stages(health);
    page.critical_path(health.critical_path.as_ref());
    page.parallelism(health);
    page.errors(health);
    page.gaps(health);
    page.open(health);
    page.record(health);
    page.logs(health);
    page.names(health);
    page.0
}

/// How many rows of a list are shown.
const MOST: usize = 20;

struct Page(String);

impl Page {
    fn line(&mut self, text: impl AsRef<str>) {
        self.0.push_str(text.as_ref());
        self.0.push('\n');
    }

    fn section(&mut self, title: &str) {
        self.line(format!("## {title}\n"));
    }

    fn table(&mut self, table: &Table) {
        table.write(&mut self.0);
    }

    /// Says how many rows of a table are not shown.
    fn rest(&mut self, total: u64, shown: usize) {
        if total > shown as u64 {
            self.line(format!("... and {} more\n", total - shown as u64));
        }
    }

    fn list<T>(&mut self, listed: &Listed<T>, text: impl Fn(&T) -> String) {
        for item in listed.first.iter().take(MOST) {
            self.line(format!("- {}", text(item)));
        }
        self.0.push('\n');
        self.rest(listed.total, listed.first.len().min(MOST));
    }

    fn head(&mut self, health: &Health) {
        self.line(format!("# Pipeline Health: {}\n", harmless(&health.profile)));
        let status = match health.status {
            RunStatus::Succeeded => "succeeded",
            RunStatus::Failed => "FAILED",
            RunStatus::Interrupted => "INTERRUPTED",
            RunStatus::Crashed => "CRASHED",
            RunStatus::Running => "running",
        };
        let mut table = Table::of(&["Run", ""]);
        let mut row = |what: &str, value: String| table.row([what.to_owned(), value]);
        row("run id", health.run_id.to_string());
        row("status", status.to_owned());
        row("wall clock", duration(health.wall_ns));
        row("started", moment(health.started_unix_nano));
        if let Some(ended) = health.ended_unix_nano {
            row("ended", moment(ended));
        }
        if let Some(error) = &health.error {
            row("error", harmless(error));
        }
        match health.exit {
            Some(Exit::Code(code)) => row("exit", format!("code {code}")),
            Some(Exit::Signal(signal)) => row("exit", format!("signal {signal}")),
            None => {}
        }
        if let Some(used) = health.resource_use {
            row(
                "cpu",
                format!("{:.2} s user, {:.2} s system", used.cpu_user_s, used.cpu_system_s),
            );
            row("peak memory", bytes(used.peak_memory_bytes));
        }
        row(
            "spans",
            format!(
                "{}, {} failed, {} open",
                health.span_count, health.error_spans, health.record.open.total
            ),
        );
        self.table(&table);
    }

    fn anomalies(&mut self, health: &Health) {
        if health.anomalies.is_empty() {
            if health.earlier_runs > 0 {
                self.line(format!(
                    "As usual: nothing stands out against {} earlier runs.\n",
                    health.earlier_runs
                ));
            }
            return;
        }
        self.section("Anomalies");
        for anomaly in health.anomalies.iter().take(MOST) {
            self.line(format!("- {}", harmless(&anomaly.to_string())));
        }
        self.0.push('\n');
        self.rest(health.anomalies.len() as u64, MOST);
    }

    fn stages(&mut self, health: &Health) {
        if health.stages.is_empty() {
            return;
        }
        self.section("Stages");
        if health.stage_basis == StageBasis::TopLevel {
            self.line("The program records no stages; these are the spans below the root, by name.\n");
        }
        let mut table = Table::of(&[
            "Stage",
            "Status",
            ">Duration",
            ">Self",
            ">Share",
            ">On path",
            ">Gain if removed",
            ">Runs",
            ">Retries",
            "Node",
        ]);
        // A foreign program can have any number of them; those on the critical path tell most.
        const MOST_STAGES: usize = 100;
        for row in health.stages.iter().take(MOST_STAGES) {
            table.row([
                harmless(&row.id),
                row.status.text().to_owned(),
                duration(row.duration_ns),
                duration(row.self_ns),
                percent(row.share),
                duration(row.path_ns),
                row.removal_gain_ns.map_or_else(|| "-".to_owned(), duration),
                row.executions.to_string(),
                row.retries.to_string(),
                nodes(&row.hosts),
            ]);
        }
        self.table(&table);
        self.rest(health.stages.len() as u64, health.stages.len().min(MOST_STAGES));
    }

    fn critical_path(&mut self, path: Option<&PathReport>) {
        let Some(path) = path else { return };
        self.section("Critical path");
        let name = |name: &Option<String>| name.as_deref().map_or_else(|| "(no stage)".to_owned(), harmless);
        let legs: Vec<String> = path
            .legs
            .first
            .iter()
            .take(MOST)
            .map(|leg| format!("{} {}", name(&leg.name), duration(leg.time_ns)))
            .collect();
        self.line(format!("{}\n", legs.join(" -> ")));
        self.rest(path.legs.total, legs.len());
        let mut table = Table::of(&["Span", ">Time on the path", ">Share"]);
        for part in path.names.first.iter().take(MOST) {
            table.row([name(&part.name), duration(part.time_ns), percent(part.share)]);
        }
        self.table(&table);
        self.rest(path.names.total, path.names.first.len().min(MOST));
    }

    fn parallelism(&mut self, health: &Health) {
        let all = &health.parallelism;
        if health.span_count == 0 {
            return;
        }
        self.section("Parallelism");
        let times = format!("busy {} in {}", duration(all.busy_ns), duration(all.wall_ns));
        self.line(match all.efficiency {
            Some(efficiency) => format!(
                "{times}: speedup {:.2} of {} possible, efficiency {}\n",
                all.speedup,
                all.ideal,
                percent(efficiency)
            ),
            None => format!("{times}: one worker, so nothing could run at once\n"),
        });
        if all.fan_outs.is_empty() {
            return;
        }
        let mut table = Table::of(&[
            "Fan-out",
            ">Sleeves",
            ">Failed",
            ">Open",
            ">Workers",
            ">At once",
            ">Wall",
            ">Busy",
            ">Speedup",
            ">Efficiency",
        ]);
        for row in all.fan_outs.first.iter().take(MOST) {
            let expected = row
                .expected
                .map_or_else(String::new, |expected| format!("/{expected}"));
            table.row([
                harmless(&row.span.name),
                format!("{}{expected}", row.seen),
                row.failed.to_string(),
                row.open.to_string(),
                row.workers.to_string(),
                row.peak.to_string(),
                duration(row.wall_ns),
                duration(row.busy_ns),
                format!("{:.2}", row.speedup),
                row.efficiency.map_or_else(|| "-".to_owned(), percent),
            ]);
        }
        self.table(&table);
        self.rest(all.fan_outs.total, all.fan_outs.first.len().min(MOST));
    }

    fn errors(&mut self, health: &Health) {
        if health.error_spans == 0 {
            return;
        }
        self.section("Errors by root cause");
        let mut table = Table::of(&["Cause", ">Count", ">Caught", "Span", "Stage", "Node"]);
        for group in health.errors.iter().take(MOST) {
            table.row([
                harmless(&group.cause),
                group.count.to_string(),
                group.caught.to_string(),
                harmless(&group.span_name),
                nodes(&group.stages),
                nodes(&group.hosts),
            ]);
        }
        self.table(&table);
        self.rest(health.error_causes, health.errors.len().min(MOST));
        for group in health.errors.iter().take(MOST) {
            let chain: Vec<String> = group.chain.iter().map(|name| harmless(name)).collect();
            self.line(format!("- {}: {}", chain.join(" > "), harmless(&group.message)));
            for cause in &group.caused_by {
                self.line(format!("  - caused by: {}", harmless(cause)));
            }
        }
        self.0.push('\n');
    }

    fn gaps(&mut self, health: &Health) {
        if !health.gaps.is_empty() {
            self.section("Data gaps");
            self.list(&health.gaps, |gap| harmless(&gap.to_string()));
        }
    }

    fn open(&mut self, health: &Health) {
        let open = &health.record.open;
        if open.is_empty() {
            return;
        }
        self.section("In flight when last heard of");
        let mut table = Table::of(&["Span", ">Open for", "Started", "Node"]);
        for span in open.first.iter().take(MOST) {
            table.row([
                harmless(&span.span.name),
                duration(span.open_ns),
                moment(span.started_unix_nano),
                harmless(&span.span.host),
            ]);
        }
        self.table(&table);
        self.rest(open.total, open.first.len().min(MOST));
    }

    fn names(&mut self, health: &Health) {
        if health.names.is_empty() {
            return;
        }
        self.section("Spans by name");
        let mut table = Table::of(&[
            "Span", ">Count", ">Errors", ">Self", ">Total", ">p50", ">p95", ">Max",
        ]);
        for row in health.names.first.iter().take(MOST) {
            table.row([
                harmless(&row.name),
                row.count.to_string(),
                row.errors.to_string(),
                duration(row.self_ns),
                duration(row.total_ns),
                duration(row.p50_ns),
                duration(row.p95_ns),
                duration(row.max_ns),
            ]);
        }
        self.table(&table);
        self.rest(health.names.total, health.names.first.len().min(MOST));
    }
}

/// Some of these hosts or stages.
fn nodes(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(|name| harmless(name))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        // Writing to a String does not fail.
        let _ = write!(text, " +{}", names.len() - SHOWN);
    }
    text
}
