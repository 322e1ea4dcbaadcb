use crate::support::{Dir, run, telensic};

#[test]
fn no_secret_is_printed_in_any_form() {
    const SECRETS: [&str; 6] = [
        "hunter2",
        "tok3nvalue",
        "c2VjcmV0",
        "pa55word",
        "sekrit9",
        "b4dform",
    ];
    let dir = Dir::new();
    for form in [&[][..], &["--json"]] {
        let mut doctor = telensic(&["doctor", "--dir"]);
        doctor
            .arg(dir.path())
            .args(form)
            .env(
                "OTEL_EXPORTER_OTLP_HEADERS",
                "authorization=Bearer%20hunter2,x-tenant=tok3nvalue",
            )
            .env("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "c2VjcmV0==")
            .env("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "b4dform")
            .env(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "https://bob:pa55word@collector:4317",
            )
            .env("OTEL_RESOURCE_ATTRIBUTES", "team=alpha,db.password=sekrit9")
            .env("TELENSIC_API_TOKEN", "hunter2");
        let ran = run(&mut doctor);
        assert_eq!(ran.code, 0);
        for secret in SECRETS {
            assert!(!ran.stdout.contains(secret), "{secret} is in\n{}", ran.stdout);
            assert!(!ran.stderr.contains(secret), "{secret} is in\n{}", ran.stderr);
        }
        for shown in [
            "authorization=[REDACTED",
            "x-tenant=[REDACTED",
            "team=alpha",
            "db.password=[REDACTED",
        ] {
            assert!(ran.stdout.contains(shown), "{shown} is not in\n{}", ran.stdout);
        }
    }
}
