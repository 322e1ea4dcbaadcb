use super::super::TraceState;

fn parsed(header: &str) -> TraceState {
    TraceState::parse(header).expect("valid")
}

#[test]
fn an_inserted_member_comes_first_and_replaces_its_predecessor() {
    let mut state = parsed("bar=0");
    for (key, value) in [("foo", "1"), ("bar", "2"), ("baz", "3")] {
        assert!(state.insert(key, value));
    }
    assert_eq!(state.as_str(), "baz=3,bar=2,foo=1");
    assert_eq!(state.len(), 3);
    assert!(state.remove("bar"));
    assert!(!state.remove("bar"));
    assert_eq!(state.iter().collect::<Vec<_>>(), [("baz", "3"), ("foo", "1")]);
}

#[test]
fn members_against_the_grammar_are_refused_and_change_nothing() {
    let mut state = parsed("bar=0");
    let (long, longest) = ("z".repeat(257), "z".repeat(256));
    for (key, value) in [
        ("", "abc"),
        ("FOO", "abc"),
        ("@vendor", "abc"),
        ("special.vendor", "abc"),
        (&long, "abc"),
        ("foo", ""),
        ("foo", "bar=baz"),
        ("foo", "a,b"),
        ("foo", "a "),
        ("foo", &long),
        (&longest, &longest),
    ] {
        assert!(!state.insert(key, value), "{key}={value}");
    }
    assert_eq!(state.as_str(), "bar=0");
}

#[test]
fn the_thirty_third_member_pushes_the_last_one_out() {
    let mut state = TraceState::new();
    for i in 0..33 {
        assert!(state.insert(&format!("k{i}"), "v"));
    }
    assert_eq!(state.len(), 32);
    assert_eq!(
        (state.get("k0"), state.get("k1"), state.get("k32")),
        (None, Some("v"), Some("v"))
    );
}

#[test]
fn beyond_512_characters_long_members_go_first_then_those_on_the_right() {
    let member = |key: &str, len: usize| format!("{key}={}", "x".repeat(len - key.len() - 1));
    let exact = [
        member("a", 128),
        member("b", 128),
        member("c", 128),
        member("d", 125),
    ]
    .join(",");
    assert_eq!(exact.len(), 512);
    assert_eq!(parsed(&exact).as_str(), exact);

    let (long, longer) = (member("a", 129), member("c", 250));
    let header = [&long, &member("b", 128), &longer, &member("d", 100)]
        .map(String::as_str)
        .join(",");
    let kept = [&long, &member("b", 128), &member("d", 100)]
        .map(String::as_str)
        .join(",");
    assert_eq!(parsed(&header).as_str(), kept);

    let short: Vec<String> = ["a", "b", "c", "d", "e"]
        .iter()
        .map(|key| member(key, 120))
        .collect();
    assert_eq!(parsed(&short.join(",")).as_str(), short[..4].join(","));
}

#[test]
fn an_inserted_member_is_never_the_one_dropped() {
    let mut state = parsed(&format!("a={},b={}", "x".repeat(100), "x".repeat(200)));
    let value = "x".repeat(256);
    assert!(state.insert("mine", &value));
    assert_eq!(state.get("mine"), Some(value.as_str()));
    assert_eq!((state.get("a").map(str::len), state.get("b")), (Some(100), None));
}

#[test]
fn a_single_member_beyond_512_characters_is_dropped() {
    let word = "x".repeat(256);
    assert_eq!(TraceState::parse(&format!("{word}={word}")), None);
}
