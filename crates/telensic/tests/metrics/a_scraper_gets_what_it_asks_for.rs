//! `GET /metrics`: format and compression by negotiation, on a port of its own or as a route.

use std::io::Read;

use telensic::metrics::{self, ServeOptions};

use crate::scrape::{Answer, ask, value};

fn exporter() -> metrics::Exporter {
    let scrapes = metrics::counter("scraped_total").help("for this test").register();
    scrapes.alone().inc();
    metrics::serve(&ServeOptions::at("127.0.0.1:0")).unwrap()
}

fn scrape(exporter: &metrics::Exporter, headers: &str) -> Answer {
    ask(exporter.address(), "GET", "/metrics", headers)
}

#[test]
fn prometheus_text_unless_openmetrics_is_preferred() {
    let exporter = exporter();
    let plain = scrape(&exporter, "");
    assert!(plain.head.starts_with("http/1.1 200"), "{}", plain.head);
    assert!(
        plain
            .head
            .contains("content-type: text/plain; version=0.0.4; charset=utf-8")
    );
    assert!(value(plain.text(), "scraped_total").is_some());
    assert!(plain.text().contains("# TYPE scraped_total counter\n"));

    let open = scrape(
        &exporter,
        "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2\r\n",
    );
    assert!(
        open.head
            .contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    assert!(open.text().contains("# TYPE scraped counter\n"));
    assert!(open.text().ends_with("# EOF\n"));
    assert!(!open.head.contains("content-encoding"));
}

#[test]
fn gzip_for_those_who_read_it() {
    let zipped = scrape(&exporter(), "Accept-Encoding: gzip\r\n");
    assert!(zipped.head.contains("content-encoding: gzip"), "{}", zipped.head);
    let mut text = String::new();
    flate2::read::GzDecoder::new(&*zipped.body)
        .read_to_string(&mut text)
        .unwrap();
    assert!(value(&text, "scraped_total").is_some());
}

#[test]
fn other_paths_and_methods_are_told_where_metrics_are() {
    let exporter = exporter();
    let lost = ask(exporter.address(), "GET", "/", "");
    assert!(lost.head.starts_with("http/1.1 404"), "{}", lost.head);
    assert_eq!(lost.text(), "metrics are at /metrics\n");
    let posted = ask(exporter.address(), "POST", "/metrics", "Content-Length: 0\r\n");
    assert!(posted.head.starts_with("http/1.1 405") && posted.head.contains("allow: get, head"));
    let head = ask(exporter.address(), "HEAD", "/metrics", "");
    assert!(head.head.starts_with("http/1.1 200") && head.body.is_empty());
}

#[test]
fn nobody_is_answered_once_the_exporter_is_dropped() {
    let exporter = exporter();
    let address = exporter.address();
    drop(exporter);
    // The thread ends in its own time.
    let refused = (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        std::net::TcpStream::connect(address).is_err()
    });
    assert!(refused);
}

#[cfg(feature = "axum")]
#[tokio::test]
async fn as_a_route_of_axum_too() {
    use axum::Router;
    use axum::routing::get;

    drop(exporter());
    let app = Router::new().route("/metrics", get(metrics::axum_handler));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let asked = tokio::task::spawn_blocking(move || {
        ask(
            address,
            "GET",
            "/metrics",
            "Accept: application/openmetrics-text\r\n",
        )
    });
    let open = asked.await.unwrap();
    assert!(
        open.head
            .contains("content-type: application/openmetrics-text; version=1.0.0")
    );
    assert!(value(open.text(), "scraped_total").is_some());
}
