//! Scenario: the requests of the public W3C harness (w3c/trace-context, test/test.py, strict, level 2).
//! Guarantees: the trace goes on, or restarts, and the trace state is kept, or discarded, as the harness expects.

use super::extract;

const TRACE: &str = "12345678901234567890123456789012";
const VALID: &str = "00-12345678901234567890123456789012-1234567890123456-00";

fn goes_on(headers: &[(&str, &str)]) -> bool {
    extract(headers)
        .span()
        .is_some_and(|span| span.trace_id().to_string() == TRACE && span.is_remote())
}

/// The trace state beside a valid traceparent, which it must never harm.
fn state(headers: &[&str]) -> Option<String> {
    let mut all = vec![("traceparent", VALID)];
    all.extend(headers.iter().map(|value| ("tracestate", *value)));
    assert!(goes_on(&all), "{headers:?}");
    extract(&all).trace_state().map(ToString::to_string)
}

#[test]
fn valid_traceparents_continue_the_trace() {
    for header in [
        "00-12345678901234567890123456789012-1234567890123456-00",
        "00-12345678901234567890123456789012-1234567890123456-01",
        "00-12345678901234567890123456789012-1234567890123456-02",
        "00-12345678901234567890123456789012-1234567890123456-ff",
        "01-12345678901234567890123456789012-1234567890123456-00",
        "cc-12345678901234567890123456789012-1234567890123456-01",
        "cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
        "fe-12345678901234567890123456789012-1234567890123456-01-",
        " 00-12345678901234567890123456789012-1234567890123456-01",
        "\t00-12345678901234567890123456789012-1234567890123456-01",
        "00-12345678901234567890123456789012-1234567890123456-01 ",
        "00-12345678901234567890123456789012-1234567890123456-01\t",
        "\t 00-12345678901234567890123456789012-1234567890123456-01 \t",
    ] {
        assert!(goes_on(&[("traceparent", header)]), "{header:?}");
    }
}

#[test]
fn malformed_traceparents_start_a_new_trace() {
    for header in [
        "",
        " ",
        "00",
        "00-12345678901234567890123456789012-1234567890123456-01.",
        "00-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like",
        "cc-12345678901234567890123456789012-1234567890123456-01.what-the-future-will-be-like",
        "ff-12345678901234567890123456789012-1234567890123456-01",
        "FE-12345678901234567890123456789012-1234567890123456-01",
        ".0-12345678901234567890123456789012-1234567890123456-01",
        "0.-12345678901234567890123456789012-1234567890123456-01",
        "000-12345678901234567890123456789012-1234567890123456-01",
        "0000-12345678901234567890123456789012-1234567890123456-01",
        "0-12345678901234567890123456789012-1234567890123456-01",
        "00-00000000000000000000000000000000-1234567890123456-01",
        "00-.2345678901234567890123456789012-1234567890123456-01",
        "00-1234567890123456789012345678901.-1234567890123456-01",
        "00-123456789012345678901234567890123-1234567890123456-01",
        "00-1234567890123456789012345678901-1234567890123456-01",
        "00-ABCDEF78901234567890123456789012-1234567890123456-01",
        "00-12345678901234567890123456789012-0000000000000000-01",
        "00-12345678901234567890123456789012-.234567890123456-01",
        "00-12345678901234567890123456789012-123456789012345.-01",
        "00-12345678901234567890123456789012-12345678901234567-01",
        "00-12345678901234567890123456789012-123456789012345-01",
        "00-12345678901234567890123456789012-123456789012345A-01",
        "00-12345678901234567890123456789012-1234567890123456-.0",
        "00-12345678901234567890123456789012-1234567890123456-0.",
        "00-12345678901234567890123456789012-1234567890123456-0A",
        "00-12345678901234567890123456789012-1234567890123456-001",
        "00-12345678901234567890123456789012-1234567890123456-1",
        "00_12345678901234567890123456789012-1234567890123456-01",
        "00-12345678901234567890123456789012_1234567890123456-01",
        "00-12345678901234567890123456789012-1234567890123456_01",
        "\n00-12345678901234567890123456789012-1234567890123456-01",
    ] {
        let context = extract(&[("traceparent", header), ("tracestate", "foo=1")]);
        assert!(context.is_empty(), "{header:?}");
        assert_eq!(context.trace_state(), None, "{header:?}");
    }
}

#[test]
fn header_names_are_compared_without_case_and_nothing_else() {
    for name in ["TraceParent", "TrAcEpArEnT", "TRACEPARENT"] {
        assert!(goes_on(&[(name, VALID)]), "{name}");
    }
    for name in ["trace-parent", "trace.parent"] {
        assert!(!goes_on(&[(name, VALID)]), "{name}");
    }
    for name in ["TraceState", "TrAcEsTaTe", "TRACESTATE"] {
        let context = extract(&[("traceparent", VALID), (name, "foo=1")]);
        assert_eq!(
            context.trace_state().and_then(|state| state.get("foo")),
            Some("1"),
            "{name}"
        );
    }
    for name in ["trace-state", "trace.state"] {
        assert_eq!(
            extract(&[("traceparent", VALID), (name, "foo=1")]).trace_state(),
            None,
            "{name}"
        );
    }
}

#[test]
fn two_traceparents_start_a_new_trace() {
    let other = "00-12345678901234567890123456789011-1234567890123456-01";
    assert!(extract(&[("traceparent", other), ("traceparent", VALID)]).is_empty());
    assert!(extract(&[("traceparent", VALID), ("Traceparent", VALID)]).is_empty());
}

#[test]
fn a_tracestate_without_traceparent_is_discarded() {
    assert!(extract(&[("tracestate", "foo=1")]).is_empty());
}

#[test]
fn flags_of_level_2_are_kept_and_unknown_ones_are_not_sent_on() {
    for (sent, sampled, random, passed_on) in [
        ("00", false, false, "-00"),
        ("01", true, false, "-01"),
        ("02", false, true, "-02"),
        ("ff", true, true, "-03"),
    ] {
        let header = format!("00-{TRACE}-1234567890123456-{sent}");
        let span = *extract(&[("traceparent", &header)]).span().expect("valid");
        assert_eq!(
            (span.is_sampled(), span.flags().is_random()),
            (sampled, random),
            "{sent}"
        );
        assert!(span.to_traceparent().ends_with(passed_on), "{sent}");
    }
}

#[test]
fn valid_tracestates_are_kept_in_order() {
    for (headers, expected) in [
        (&["foo=1,bar=2"][..], "foo=1,bar=2"),
        (&["foo=1", ""], "foo=1"),
        (&["", "foo=1"], "foo=1"),
        (&["foo=1,,bar=2, ,\t"], "foo=1,bar=2"),
        (
            &["foo=1,bar=2", "rojo=1,congo=2", "baz=3"],
            "foo=1,bar=2,rojo=1,congo=2,baz=3",
        ),
        (&["foo=1 \t , \t bar=2, \t baz=3"], "foo=1,bar=2,baz=3"),
        (&["foo=1\t \t,\t \tbar=2,\t \tbaz=3"], "foo=1,bar=2,baz=3"),
        (&[" foo=1"], "foo=1"),
        (&["\tfoo=1"], "foo=1"),
        (&["foo=1 "], "foo=1"),
        (&["foo=1\t"], "foo=1"),
        (&["\t foo=1 \t"], "foo=1"),
        (&["foo=  1"], "foo=  1"),
        (&["1foo=1"], "1foo=1"),
        (&["foo@=1,bar=2"], "foo@=1,bar=2"),
        (&["foo@@bar=1,bar=2"], "foo@@bar=1,bar=2"),
        (&["foo@bar@baz=1,bar=2"], "foo@bar@baz=1,bar=2"),
        (&["foo=1,foo=1"], "foo=1"),
        (&["foo=1,foo=2"], "foo=1"),
        (&["foo=1", "foo=2"], "foo=1"),
    ] {
        assert_eq!(state(headers).as_deref(), Some(expected), "{headers:?}");
    }
}

#[test]
fn malformed_tracestates_are_discarded_whole() {
    for header in [
        "",
        " ",
        ",",
        "foo",
        "foo =1",
        "FOO=1",
        "foo.bar=1",
        "@foo=1,bar=2",
        "_foo=1",
        "foo=bar=baz",
        "foo=,bar=3",
        "foo= ,bar=3",
        "=1",
        "foo=1\u{7f}",
        "foo=a\tb",
        "foo=\u{e9}",
        "foo=1;bar=2=3",
    ] {
        assert_eq!(state(&[header]), None, "{header:?}");
        assert_eq!(
            state(&["first=1", header]).as_deref(),
            header.trim_matches([' ', ',']).is_empty().then_some("first=1")
        );
    }
}

#[test]
fn all_allowed_characters_are_kept() {
    let value: String = (' '..='~').filter(|c| *c != ',' && *c != '=').collect();
    for key in [
        "abcdefghijklmnopqrstuvwxyz0123456789_-*/",
        "abcdefghijklmnopqrstuvwxyz0123456789_-*/@a-z0-9_-*/",
    ] {
        let header = format!("{key}={value}");
        assert_eq!(state(&[&header]), Some(header));
    }
}

#[test]
fn thirty_two_members_are_kept_and_thirty_three_discarded() {
    let members = |count: usize| {
        (1..=count)
            .map(|i| format!("bar{i:02}={i:02}"))
            .collect::<Vec<_>>()
    };
    let full = members(32);
    let lines: Vec<String> = full.chunks(10).map(|line| line.join(",")).collect();
    assert_eq!(
        state(&lines.iter().map(String::as_str).collect::<Vec<_>>()),
        Some(full.join(","))
    );
    assert_eq!(state(&[&members(33).join(",")]), None);
}

#[test]
fn keys_may_have_256_characters() {
    for key in [
        "z".repeat(256),
        "t".repeat(241) + "@" + &"v".repeat(14),
        "t".repeat(242) + "@v",
        "t@".to_owned() + &"v".repeat(15),
    ] {
        assert_eq!(
            state(&["foo=1", &format!("{key}=1")]),
            Some(format!("foo=1,{key}=1"))
        );
    }
    assert_eq!(state(&["foo=1", &format!("{}=1", "z".repeat(257))]), None);
    assert_eq!(
        state(&["foo=1", &format!("a={}", "z".repeat(256))]),
        Some(format!("foo=1,a={}", "z".repeat(256)))
    );
    assert_eq!(state(&["foo=1", &format!("a={}", "z".repeat(257))]), None);
}
