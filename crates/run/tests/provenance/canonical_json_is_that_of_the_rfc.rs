use serde_json::{Value, from_str, json};
use telensic_run::{canonical_json, config_hash, json_number};

fn canonical(text: &str) -> String {
    canonical_json(&from_str::<Value>(text).unwrap())
}

/// RFC 8785, section 3.2.2 to 3.2.4.
#[test]
fn the_examples_of_the_rfc_give_its_answers() {
    let example = r#"{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    }"#;
    assert_eq!(
        canonical(example),
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
         \"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
    );
    let keys = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
        "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
    let text = canonical(keys);
    let order = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
    let places: Vec<usize> = order.iter().map(|name| text.find(name).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

/// RFC 8785, appendix B.
#[test]
fn numbers_are_printed_as_in_appendix_b() {
    for (bits, expected) in [
        (0x0000_0000_0000_0000_u64, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] {
        let number = f64::from_bits(bits);
        let text = canonical_json(&json_number(number));
        assert_eq!(text, expected, "{bits:#x}");
        assert_eq!(text.parse::<f64>().unwrap(), number, "{bits:#x} reads back");
    }
}

#[test]
fn what_json_has_no_number_for_is_valid_json_and_told_apart() {
    let numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(json_number);
    let text = canonical_json(&Value::from(numbers.to_vec()));
    assert_eq!(text, r#"["NaN","Infinity","-Infinity"]"#);
    assert_eq!(
        canonical_json(&serde_json::to_value([f64::NAN]).unwrap()),
        "[null]"
    );
}

#[test]
fn the_hash_heeds_values_and_nothing_else() {
    let hash = |text: &str| config_hash(&from_str::<Value>(text).unwrap());
    assert_eq!(
        hash(r#"{"a":1,"b":[2.50]}"#),
        hash(r#"{ "b" : [25e-1], "a" : 1.0 }"#)
    );
    assert_ne!(hash(r#"{"a":1}"#), hash(r#"{"a":"1"}"#));
    assert_ne!(
        config_hash(&json!({"seed": u64::MAX})),
        config_hash(&json!({"seed": u64::MAX - 1})),
        "seeds that no double holds are told apart"
    );
    assert_eq!(
        hash("{}").to_string(),
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    );
}
