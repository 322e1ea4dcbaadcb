//! The text is read by promtool and by the parsers of Prometheus' own client for Python.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use telensic::metrics::{self, AdapterError, Format};
use telensic::spans;

use crate::peer::program;
use crate::support::{Dir, child, is_child, succeed};

/// All there is, with label values and help that need care, in both formats.
#[test]
#[ignore = "the child of the tests below"]
fn shows_all_there_is() {
    if !is_child() {
        return;
    }
    let _guard = telensic::Builder::new("shown").log_files(false).init();
    let odd = metrics::counter("odd_total")
        .help("says \"so\", back\\slash and\nnew line")
        .labels(&["text"])
        .register();
    for text in [
        "plain",
        "quote\"",
        "back\\slash",
        "new\nline",
        "\u{20ac}uro",
        "",
        "{a=\"b\"} 5",
    ] {
        odd.with(&[text]).inc();
    }
    odd.with(&["part"]).add_f64(0.25);
    let level = metrics::gauge("level")
        .help("any number")
        .labels(&["which"])
        .register();
    level.with(&["nan"]).set(f64::NAN);
    level.with(&["low"]).set(f64::NEG_INFINITY);
    level.with(&["huge"]).set(1e300);
    level.with(&["tiny"]).set(-1e-300);
    metrics::up_down_counter("open_orders")
        .help("open")
        .register()
        .alone()
        .add(-3);
    let sizes = metrics::histogram("size_bytes")
        .help("sizes")
        .buckets(&[1.0, 10.5, 1e9])
        .register();
    {
        let _span = telensic::span("in a trace").entered();
        sizes.alone().observe(7.5);
    }
    sizes.alone().observe(1e12);
    spans::run_stage("load").end();
    let adapter = metrics::adapter("finnhub");
    adapter.request_start("quote").fail(AdapterError::RateLimited);
    adapter.cache_hit("quotes");
    let dir = PathBuf::from(std::env::var_os("TELENSIC_DIR").unwrap());
    std::fs::write(dir.join("prometheus.txt"), metrics::render(Format::Prometheus)).unwrap();
    std::fs::write(dir.join("openmetrics.txt"), metrics::render(Format::OpenMetrics)).unwrap();
}

fn shown() -> Dir {
    let dir = Dir::new();
    succeed(&mut child(&dir, "others_read_the_text::shows_all_there_is"));
    dir
}

#[test]
fn promtool_finds_nothing_wrong() {
    let Some(promtool) = program("promtool") else {
        return;
    };
    let dir = shown();
    let text = std::fs::read(dir.path().join("prometheus.txt")).unwrap();
    let mut check = Command::new(promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    check.stdin.take().unwrap().write_all(&text).unwrap();
    let checked = check.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(
        checked.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&text)
    );
    assert_eq!(said.trim(), "");
}

#[test]
fn the_parsers_of_prometheus_client_read_what_was_counted() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let requirements = python.join("metrics-requirements.txt");
    let Some(interpreter) = telensic_test_venv::python("venv-metrics", &requirements, "prometheus_client")
    else {
        eprintln!("skipped: there is no Python with prometheus_client, and none could be made");
        return;
    };
    let dir = shown();
    let read = Command::new(interpreter)
        .arg(python.join("metrics.py"))
        .arg(dir.path())
        .output()
        .unwrap();
    assert!(
        read.status.success(),
        "{}{}",
        String::from_utf8_lossy(&read.stdout),
        String::from_utf8_lossy(&read.stderr)
    );
}
