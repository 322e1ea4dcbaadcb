//! Variables: what they set, what is said of those that are wrong, and what a run is.

use std::collections::{HashMap, HashSet};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use telensic::context::{Context, SpanContext};
use telensic::{Builder, Severity, SpanBuilder, attach, current_context, event, log, root_span, span};
use telensic_tape::otlp::Attributes;

use crate::support::{Dir, Read, child, is_child, lines, our_lines, read, read_run, succeed};

fn test(name: &str) -> String {
    format!("the_environment_is_heeded::{name}")
}

#[test]
fn each_invalid_value_is_named_once_and_the_default_is_used() {
    let wrong = [
        ("OTEL_SDK_DISABLED", "perhaps"),
        ("OTEL_TRACES_SAMPLER", "sometimes"),
        ("OTEL_PROPAGATORS", "pigeon"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "-1"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "long"),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.name=x,broken"),
        ("TELENSIC_TAPE_BUDGET", "much"),
        ("TELENSIC_LOG_LEVEL", "loud"),
        ("TELENSIC_LOG_LAYOUT", "nice"),
        ("TELENSIC_CONSOLE", "maybe"),
        ("TELENSIC_DURABILITY", "eternal"),
        ("TELENSIC_OPEN_SPANS", "1e3"),
    ];
    let dir = Dir::new();
    let mut command = child(&dir, &test("traces"));
    command.envs(wrong);
    let said = succeed(&mut command);
    let warnings = our_lines(&said);
    for (name, value) in wrong {
        let about: Vec<&&str> = warnings.iter().filter(|line| line.contains(name)).collect();
        assert_eq!(about.len(), 1, "{name}: {said}");
        let shown = if name == "OTEL_RESOURCE_ATTRIBUTES" {
            "broken"
        } else {
            value
        };
        assert!(about[0].contains(shown), "{}", about[0]);
    }
    assert_eq!(warnings.len(), wrong.len(), "{said}");
    let read = read(dir.path());
    assert_eq!(read.tapes[0].head().resource_text("service.name"), Some("coded"));
    assert!(!read.spans.is_empty());

    // Alone, for it has a meaning only with a sampler that takes it.
    let dir = Dir::new();
    let said = succeed(
        child(&dir, &test("traces"))
            .env("OTEL_TRACES_SAMPLER", "traceidratio")
            .env("OTEL_TRACES_SAMPLER_ARG", "half"),
    );
    let [warning] = our_lines(&said)[..] else {
        panic!("{said}")
    };
    assert!(warning.contains("OTEL_TRACES_SAMPLER_ARG") && warning.contains("half"));
}

#[test]
fn a_value_that_is_no_unicode_is_named_too() {
    use std::os::unix::ffi::OsStrExt;
    let dir = Dir::new();
    let value = std::ffi::OsStr::from_bytes(b"12\xff");
    let said = succeed(child(&dir, &test("traces")).env("OTEL_SPAN_EVENT_COUNT_LIMIT", value));
    let [warning] = our_lines(&said)[..] else {
        panic!("{said}")
    };
    assert!(warning.contains("OTEL_SPAN_EVENT_COUNT_LIMIT"));
}

#[test]
fn the_resource_says_who_records_and_names_nothing_twice() {
    let dir = Dir::new();
    succeed(
        child(&dir, &test("traces"))
            .env("OTEL_SERVICE_NAME", "named")
            .env(
                "OTEL_RESOURCE_ATTRIBUTES",
                "service.name=listed,service.version=9,team=a%20b,service.instance.id=mine,process.pid=1,\
                 telemetry.sdk.name=other,host.name=elsewhere,deployment.environment.name=prod,given=env",
            )
            .env("RUN_ID", "run-7"),
    );
    let read = read(dir.path());
    let mut found: HashMap<&str, String> = HashMap::new();
    for pair in Attributes::new(read.tapes[0].head().resource(), 1) {
        let pair = pair.unwrap();
        let before = found.insert(pair.key, format!("{:?}", pair.value));
        assert!(before.is_none(), "{} is there twice", pair.key);
    }
    for (key, value) in [
        ("service.name", "named"),
        ("service.version", "9"),
        ("service.instance.id", "mine"),
        ("telemetry.sdk.name", "telensic"),
        ("telemetry.sdk.language", "rust"),
        ("host.name", "elsewhere"),
        ("deployment.environment", "prod"),
        ("deployment.environment.name", "prod"),
        ("team", "a b"),
        ("given", "builder"),
        ("run_id", "run-7"),
    ] {
        assert_eq!(found[key], format!("Str({value:?})"), "{key}");
    }
    assert_eq!(
        found["process.pid"],
        format!("I64({})", read.tapes[0].head().pid())
    );
    let lines = lines(&dir.path().join("logs"));
    for (field, value) in [
        ("service", "named"),
        ("env", "prod"),
        ("host", "elsewhere"),
        ("run_id", "run-7"),
    ] {
        assert_eq!(lines[0][field], value, "{field}");
    }
}

/// Roots, children of remote parents sampled and not, with children and log records of their own.
#[test]
#[ignore = "the child of the tests above and below"]
fn traces() {
    if !is_child() {
        return;
    }
    let _guard = Builder::new("coded")
        .resource_attribute("given", "builder")
        .init();
    for number in 0..200 {
        let root = root_span("root").with("number", number).entered();
        {
            let mut child = span("child").entered();
            child.event("event");
            log(Severity::Info, "in child").emit();
            let context = current_context();
            std::thread::spawn(move || {
                let _attached = attach(context);
                span("on a thread").end();
                event("typed").emit();
            })
            .join()
            .unwrap();
        }
        let mut headers = HashMap::new();
        telensic::inject(&root.context(), &mut headers);
        // As another process would, and its answer.
        let there = telensic::extract(&headers);
        let remote = SpanBuilder::new("remote").parent(&there).start();
        SpanBuilder::new("child of remote")
            .parent(&remote.context())
            .start()
            .end();
        let handed_over = remote;
        std::thread::spawn(move || {
            let _entered = handed_over.entered();
            span("deep").end();
        })
        .join()
        .unwrap();
    }
    for sampled in [true, false] {
        let parent = format!(
            "00-{}-00f067aa0ba902b7-0{}",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            u8::from(sampled)
        );
        let parent = SpanContext::from_traceparent(&parent).unwrap();
        let context = Context::new().with_span(parent);
        SpanBuilder::new(if sampled {
            "of a sampled"
        } else {
            "of an unsampled"
        })
        .parent(&context)
        .start()
        .end();
    }
    log(Severity::Info, "outside").emit();
}

const NAMES: [&str; 6] = [
    "root",
    "child",
    "on a thread",
    "remote",
    "child of remote",
    "deep",
];

/// Each trace is there as a whole or not at all; returns how many are exported.
fn whole_traces(read: &Read, exported: bool) -> usize {
    let mut traces: HashMap<_, HashSet<&str>> = HashMap::new();
    for span in read.spans.iter().filter(|span| span.exported == exported) {
        assert_eq!(span.is_sampled(), exported, "{span:?}");
        if NAMES.contains(&span.name.as_str()) {
            let new = traces.entry(span.trace).or_default().insert(&span.name);
            assert!(new, "{} is there twice in a trace", span.name);
        }
    }
    for (trace, names) in &traces {
        assert_eq!(names.len(), NAMES.len(), "{trace} is torn: {names:?}");
    }
    for log in &read.logs {
        if let Some(trace) = log.trace {
            assert_eq!(log.exported == exported, traces.contains_key(&trace));
        }
    }
    traces.len()
}

#[test]
fn a_trace_is_sampled_as_a_whole_or_not_at_all() {
    for (sampler, ratio, of_sampled, of_unsampled) in [
        ("always_on", "", 1, 1),
        ("always_off", "", 0, 0),
        ("parentbased_always_on", "", 1, 0),
        ("parentbased_always_off", "", 1, 0),
        ("parentbased_traceidratio", "0.5", 1, 0),
        ("traceidratio", "0.5", 0, 0),
    ] {
        let dir = Dir::new();
        let mut command = child(&dir, &test("traces"));
        command
            .env("OTEL_TRACES_SAMPLER", sampler)
            .env("OTEL_TRACES_SAMPLER_ARG", ratio);
        succeed(&mut command);
        let read = read(dir.path());
        let traces = whole_traces(&read, true);
        assert!(
            read.spans.iter().all(|span| span.exported),
            "outside a run the others are not kept"
        );
        let expected = match sampler {
            "always_on" | "parentbased_always_on" => 200..=200,
            "always_off" | "parentbased_always_off" => 0..=0,
            // Beyond this by chance once in many millions of runs.
            _ => 60..=140,
        };
        assert!(expected.contains(&traces), "{sampler}: {traces}");
        assert_eq!(read.named("of a sampled").len(), of_sampled, "{sampler}");
        assert_eq!(read.named("of an unsampled").len(), of_unsampled, "{sampler}");
        assert_eq!(read.logs.iter().filter(|log| log.trace.is_none()).count(), 1);
    }
}

#[test]
fn a_run_keeps_what_is_not_exported_and_has_its_logs_twice() {
    let dir = Dir::new();
    let run = dir.path().join("runs/run-1");
    succeed(
        child(&dir, &test("traces"))
            .env("TELENSIC_RUN_DIR", &run)
            .env("RUN_ID", "run-1")
            .env("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
            .env("OTEL_TRACES_SAMPLER_ARG", "0.5"),
    );
    let read = read_run(&run);
    assert_eq!(
        read.tapes[0].head().budget(),
        None,
        "nothing is overwritten in a run"
    );
    let (exported, kept) = (whole_traces(&read, true), whole_traces(&read, false));
    assert_eq!(exported + kept, 200);
    assert!((60..=140).contains(&exported), "{exported}");
    assert_eq!(read.tapes[0].head().resource_text("run_id"), Some("run-1"));
    let (own, runs) = (lines(&dir.path().join("logs")), lines(&run.join("logs")));
    assert_eq!(own.len(), read.logs.len());
    assert_eq!(own, runs);
    assert!(own.iter().all(|line| line["run_id"] == "run-1"));
    assert!(!dir.path().join("tapes").exists());
}

#[test]
fn log_lines_name_their_span_in_every_layout() {
    for (layout, level, text, time, trace, span) in [
        ("telensic", "level", "msg", "ts", "trace_id", "span_id"),
        ("standard", "level", "message", "timestamp", "trace_id", "span_id"),
        (
            "otel",
            "level",
            "message",
            "timestamp",
            "otelTraceID",
            "otelSpanID",
        ),
    ] {
        let dir = Dir::new();
        succeed(
            child(&dir, &test("logs"))
                .env("TELENSIC_LOG_LAYOUT", layout)
                .env("TELENSIC_LOG_LEVEL", "warn"),
        );
        let read = read(dir.path());
        let lines = lines(&dir.path().join("logs"));
        assert_eq!(lines.len(), 5, "{layout}: those of WARN and above");
        assert_eq!(read.logs.len(), 5, "{layout}");
        let outer = read.span("outer");
        let line = |wanted: &str| lines.iter().find(|line| line[text] == wanted).unwrap();
        let within = line("within");
        assert_eq!(within[trace], outer.trace.to_string(), "{layout}");
        assert_eq!(within[span], outer.id.to_string(), "{layout}");
        assert_eq!(within[level], "WARN");
        let ts = within[time].as_str().unwrap();
        assert!(
            ts.ends_with('Z') && ts.len() == "2026-01-01T00:00:00.000000Z".len(),
            "{ts}"
        );
        let task = read.span("task");
        assert_eq!(line("in a task")[span], task.id.to_string());
        assert_eq!(line("in a task")[trace], outer.trace.to_string());
        let outside = line("outside");
        let no_span = &outside.get(trace).cloned().unwrap_or_default();
        assert!(no_span.is_null() || no_span == "0" || no_span == "", "{no_span}");
        let failed = line("failed");
        assert!(
            serde_json::to_string(failed).unwrap().contains("no such file"),
            "{failed:?}"
        );
        assert!(serde_json::to_string(failed).unwrap().contains("BTCUSDT"));
        let private = |path: &Path, mode: u32| {
            let found = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(found, mode, "{}", path.display());
        };
        private(&dir.path().join("logs"), 0o700);
        private(&dir.path().join("tapes"), 0o700);
        private(read.tapes[0].path(), 0o600);
        for file in std::fs::read_dir(dir.path().join("logs")).unwrap() {
            private(&file.unwrap().path(), 0o600);
        }
    }
}

#[test]
#[ignore = "the child of the test above"]
fn logs() {
    use telensic::InSpan;
    if !is_child() {
        return;
    }
    let _guard = telensic::init("logs");
    log(Severity::Error, "outside").emit();
    let outer = span("outer").entered();
    log(Severity::Trace, "too low").emit();
    log(Severity::Debug, "too low").emit();
    log(Severity::Info, "too low").emit();
    log(Severity::Warn, "within").with("a", 1).emit();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let task = async {
        tokio::task::yield_now().await;
        log(Severity::Error, "in a task").emit();
    };
    runtime
        .block_on(runtime.spawn(task.in_span(span("task"))))
        .unwrap();
    let error = std::io::Error::other("no such file");
    log(Severity::Fatal, "failed")
        .with("symbol", "BTCUSDT")
        .error(&error)
        .emit();
    drop(outer);
    log(Severity::Warn, "after").emit();
}
