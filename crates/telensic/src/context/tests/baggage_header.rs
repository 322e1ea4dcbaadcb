//! Scenario: the cases of the public W3C suite (w3c/baggage, test/test_baggage.py), and what it leaves open.

use super::super::{Baggage, BaggageMember};

type Member = (String, String, Vec<(String, Option<String>)>);

fn members(header: &str) -> Vec<Member> {
    let property = |p: &super::super::BaggageProperty| (p.key().to_owned(), p.value().map(str::to_owned));
    Baggage::parse(header)
        .iter()
        .map(|m| {
            (
                m.key().to_owned(),
                m.value().to_owned(),
                m.properties().iter().map(property).collect(),
            )
        })
        .collect()
}

#[test]
fn members_and_properties_are_read_with_any_white_space() {
    let expected = |value_of_first: Option<&str>, key_of_first: &str| {
        vec![
            (
                "SomeKey".into(),
                "SomeValue".into(),
                vec![(key_of_first.into(), value_of_first.map(Into::into))],
            ),
            (
                "SomeKey2".into(),
                "SomeValue2".into(),
                vec![("ValueProp".into(), Some("PropVal".into()))],
            ),
        ]
    };
    for header in [
        "SomeKey=SomeValue;SomeProp,SomeKey2=SomeValue2;ValueProp=PropVal",
        "SomeKey \t = \t SomeValue \t ; \t SomeProp \t , \t SomeKey2 \t = \t SomeValue2 \t ; \t ValueProp \t = \t PropVal",
        " SomeKey=SomeValue;;SomeProp; ,,\t,SomeKey2=SomeValue2;ValueProp=PropVal,",
    ] {
        assert_eq!(members(header), expected(None, "SomeProp"), "{header:?}");
    }
    let header = "SomeKey=SomeValue;P = V ,SomeKey2=SomeValue2;ValueProp=PropVal";
    assert_eq!(members(header), expected(Some("V"), "P"));
}

#[test]
fn several_headers_are_one_list() {
    let baggage = Baggage::from_headers(["userId=alice", "serverNode=DF%2028,isProduction=false"]);
    assert_eq!(
        baggage.to_string(),
        "userId=alice,serverNode=DF%2028,isProduction=false"
    );
    assert_eq!(baggage.get("serverNode"), Some("DF 28"));
}

#[test]
fn values_may_hold_equal_signs_and_anything_percent_encoded() {
    assert_eq!(
        Baggage::parse("SomeKey=SomeValue=equals").get("SomeKey"),
        Some("SomeValue=equals")
    );
    let header = "SomeKey=%09%20%22%27%3B%3Dasdf%21%40%23%24%25%5E%26%2A%28%29;P=%09%20%22";
    let baggage = Baggage::parse(header);
    assert_eq!(baggage.get("SomeKey"), Some("\t \"';=asdf!@#$%^&*()"));
    assert_eq!(
        baggage.member("SomeKey").unwrap().properties()[0].value(),
        Some("\t \"")
    );
    assert_eq!(Baggage::parse(&baggage.to_header()), baggage);
}

#[test]
fn octets_that_are_not_utf_8_become_replacement_characters_and_odd_percents_stay() {
    assert_eq!(Baggage::parse("k=a%FFb").get("k"), Some("a\u{fffd}b"));
    assert_eq!(Baggage::parse("k=100%").get("k"), Some("100%"));
    assert_eq!(Baggage::parse("k=%zz%4").to_string(), "k=%25zz%254");
    assert_eq!(Baggage::parse("k=a+b").get("k"), Some("a+b"));
}

#[test]
fn a_bare_property_is_not_decoded() {
    let read = members("SomeKey=SomeValue;ValueProp%20%09%20%3D%20%09%20PropVal");
    assert_eq!(
        read[0].2,
        [("ValueProp%20%09%20%3D%20%09%20PropVal".to_owned(), None)]
    );
}

#[test]
fn properties_of_the_same_name_are_all_kept() {
    let header = "SomeKey=SomeValue;SomeProp;SomeProp=PropValue;SomeProp=AnotherPropValue";
    assert_eq!(Baggage::parse(header).to_string(), header);
}

#[test]
fn invalid_members_are_skipped_and_the_rest_is_read() {
    for bad in [
        "",
        "novalue",
        "=v",
        "k y=v",
        "k(=v",
        "k\u{e9}=v",
        "k=a b",
        "k=a\"b",
        "k=a\\b",
        "k=\u{e9}",
        "k=v;p q",
        "k=v;=1",
        "k=v;p=\"",
        "k=a\u{1}",
    ] {
        assert_eq!(
            Baggage::parse(&format!("a=1,{bad},b=2")).to_string(),
            "a=1,b=2",
            "{bad:?}"
        );
    }
    assert_eq!(Baggage::parse("k=").get("k"), Some(""));
}

#[test]
fn the_last_of_equal_keys_wins_in_the_place_of_the_first() {
    assert_eq!(Baggage::parse("a=1;p,b=2,a=3").to_string(), "a=3,b=2");
}

#[test]
fn what_fits_into_8192_bytes_and_180_members_is_kept_and_nothing_more() {
    let mut baggage = Baggage::new();
    assert!(baggage.insert("a", &"0123456789".repeat(819)));
    assert_eq!(baggage.to_header().len(), 8192);
    assert!(!baggage.insert("b", ""));
    assert!(!baggage.insert("a", &"x".repeat(8191)));
    assert_eq!(baggage.to_header().len(), 8192);
    assert!(baggage.remove("a").is_some());
    assert!(baggage.insert("b", ""));

    let many: Vec<String> = (0..200).map(|i| format!("k{i}=v")).collect();
    let read = Baggage::parse(&many.join(","));
    assert_eq!(read.to_string(), many[..180].join(","));

    // A huge member is left out whole; what comes after it still fits.
    let huge = format!("a=1,b={},c=3", "%20".repeat(3000));
    assert_eq!(Baggage::parse(&huge).to_string(), "a=1,c=3");
    // What grows when it is written again counts as it is written.
    let growing = format!("a=1,b={},c=3", "%FF".repeat(1000));
    assert_eq!(Baggage::parse(&growing).to_string(), "a=1,c=3");
}

#[test]
fn keys_that_are_no_tokens_are_refused() {
    let mut baggage = Baggage::new();
    for key in ["", "a b", "a,b", "\u{e9}", "a=b", "a;b", "a\"b"] {
        assert!(!baggage.insert(key, "v"), "{key}");
        assert!(
            !baggage.insert_member(BaggageMember::new("k", "v").with_property(key, None)),
            "{key}"
        );
    }
    assert!(baggage.is_empty());
    assert!(baggage.insert_member(BaggageMember::new("k", "v, w").with_property("p", Some("1;2"))));
    assert_eq!(baggage.to_string(), "k=v%2C%20w;p=1%3B2");
}
