//! Variables and options, settled without a process of their own.

use super::*;

fn settled(variables: &[(&str, &str)], options: Option<ExportOptions>) -> (ExportSettings, Vec<String>) {
    let lookup = |name: &str| {
        let found = variables.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let mut env = Env::new(&lookup);
    let asked = Asked {
        options,
        jaeger: None,
        own_run: None,
        dir: Path::new("data"),
    };
    (settle(&mut env, asked), env.into_warnings())
}

/// Signal, endpoint and path of each route to a backend.
fn targets(settings: &ExportSettings) -> Vec<(&'static str, String)> {
    let targets = settings.routes.iter().filter_map(|route| match &route.to {
        Destination::Otlp(target) => {
            let endpoint = &target.endpoint;
            Some((
                route.signal.name(),
                format!("{endpoint}{}", endpoint.path_and_query()),
            ))
        }
        Destination::Console => None,
    });
    targets.collect()
}

#[test]
fn nothing_is_exported_unasked() {
    assert!(settled(&[], None).0.is_empty());
    let (off, warnings) = settled(
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:4318"),
            ("OTEL_TRACES_EXPORTER", "none"),
            ("OTEL_LOGS_EXPORTER", "console"),
            ("OTEL_METRICS_EXPORTER", "none"),
        ],
        None,
    );
    assert!(off.is_empty() && warnings.is_empty(), "{off:?} {warnings:?}");
}

#[test]
fn a_base_gets_the_signals_path_and_a_signals_own_endpoint_is_taken_as_it_is() {
    let (settings, _) = settled(
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:4318/base/"),
            ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "https://logs/mine"),
        ],
        None,
    );
    let expected = [
        ("spans", "http://h:4318/base/v1/traces"),
        ("logs", "https://logs:443/mine"),
        ("metrics", "http://h:4318/base/v1/metrics"),
    ];
    assert_eq!(
        targets(&settings),
        expected.map(|(signal, url)| (signal, url.to_owned()))
    );
}

#[test]
fn otlp_by_name_goes_to_the_default_endpoint() {
    let (settings, _) = settled(&[("OTEL_TRACES_EXPORTER", "otlp, console")], None);
    assert_eq!(
        targets(&settings),
        [("spans", "http://localhost:4318/v1/traces".to_owned())]
    );
    assert!(matches!(settings.routes[1].to, Destination::Console));
}

#[test]
fn a_signals_own_settings_win_and_the_code_wins_over_both() {
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://h"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "zstd"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "60000"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "7000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];
    let of = |options| {
        let (settings, warnings) = settled(&variables, options);
        assert!(warnings.is_empty(), "{warnings:?}");
        let route = |index: usize| match &settings.routes[index].to {
            Destination::Otlp(target) => (target.compression, target.timeout.as_secs()),
            Destination::Console => panic!("no console was asked for"),
        };
        (route(0), route(1), settings.routes[0].delay.as_millis())
    };
    assert_eq!(of(None), ((Compression::Zstd, 7), (Compression::Gzip, 30), 100));
    let options = ExportOptions::to("http://other").compression(Compression::None);
    assert_eq!(of(Some(options)).0, (Compression::None, 7));
}

#[test]
fn what_is_wrong_is_told_and_the_default_is_used() {
    let (settings, warnings) = settled(
        &[
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://h:4318"),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "smoke"),
            ("OTEL_LOGS_EXPORTER", "zipkin"),
        ],
        None,
    );
    assert_eq!(targets(&settings), [("spans", "http://h:4318/".to_owned())]);
    assert!(
        warnings[0].contains("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: \"smoke\" is unknown"),
        "{warnings:?}"
    );
    assert!(
        warnings[1].contains("OTEL_LOGS_EXPORTER: \"zipkin\" is unknown"),
        "{warnings:?}"
    );
    for wrong in ["ftp://k3y@h", "k3y@h:4318"] {
        let (settings, warnings) = settled(&[("OTEL_EXPORTER_OTLP_ENDPOINT", wrong)], None);
        assert!(settings.is_empty());
        assert_eq!(warnings.len(), 1, "said once, not for each signal: {warnings:?}");
        assert!(
            warnings[0].starts_with("OTEL_EXPORTER_OTLP_ENDPOINT "),
            "{warnings:?}"
        );
        assert!(!warnings[0].contains("k3y"));
    }
}

#[test]
fn an_old_jaeger_endpoint_is_mapped_with_a_warning() {
    let (settings, warnings) = settled(
        &[("OTEL_EXPORTER_JAEGER_ENDPOINT", "http://j:14268/api/traces")],
        None,
    );
    assert_eq!(
        targets(&settings),
        [("spans", "http://j:4318/v1/traces".to_owned())]
    );
    assert!(
        warnings[0].contains("OTEL_EXPORTER_JAEGER_ENDPOINT: Jaeger takes OTLP now"),
        "{warnings:?}"
    );
}
