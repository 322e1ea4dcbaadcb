//! Files that read back, drawings that hold whatever a function is called, and bytes that are no profile.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use telensic_tape::{SpanId, TraceId, UnixNanos};

use super::*;

fn facts() -> ProfileFacts {
    ProfileFacts {
        package: "pricing".into(),
        source: Source::Telensic,
        host: "node-1".into(),
        pid: Some(42),
        rate_hz: 100,
        cpu_ns: Some(1_000_000_000),
        lost_samples: 3,
    }
}

fn profile() -> CpuProfile {
    let function = |name: &str| Function {
        name: name.into(),
        file: "src/lib.rs".into(),
    };
    let location = |address, lines: &[usize]| Location {
        address,
        mapping: Some(0),
        lines: lines
            .iter()
            .map(|function| Line {
                function: *function,
                line: 7,
            })
            .collect(),
    };
    CpuProfile {
        facts: facts(),
        started: UnixNanos(1_769_342_400_000_000_000),
        duration_ns: 2_000_000_000,
        mappings: vec![Mapping {
            start: 0x1000,
            limit: 0x9000,
            file_offset: 0,
            file: "/opt/pricing".into(),
            build_id: "00ff".into(),
        }],
        functions: vec![function("main"), function("price"), function("inlined")],
        locations: vec![
            location(0x1100, &[0]),
            location(0x2200, &[2, 1]),
            location(0x3300, &[]),
        ],
        stacks: vec![Stack {
            locations: vec![2, 1, 0],
            thread: "worker".into(),
            span: TraceId::from_bytes([1; 16]).zip(SpanId::from_bytes([2; 8])),
            stage: Some("pricing".into()),
            samples: 5,
            cpu_ns: 50_000_000,
        }],
    }
}

#[test]
fn a_profile_reads_back_as_it_was_written() {
    assert_eq!(decode(&encode(&profile()).unwrap()).unwrap(), profile());
}

#[test]
fn a_stack_is_named_from_the_outermost_with_inlined_functions_and_the_file_where_no_name_is_known() {
    let profile = profile();
    assert_eq!(
        profile.names(&profile.stacks[0]),
        ["main", "price", "inlined", "[pricing]"]
    );
}

#[test]
fn collapsed_lines_become_stacks_and_others_are_passed_over() {
    let text = "main (a.py:3);price (b.py:10) 7\n\nno number\nidle 2\n";
    let profile = read_collapsed(text, facts(), UnixNanos(1), 1);
    assert_eq!(profile.samples(), 9);
    assert_eq!(
        profile.names(&profile.stacks[0]),
        ["main (a.py:3)", "price (b.py:10)"]
    );
    assert_eq!(profile.functions[1].file, "b.py");
    assert_eq!(profile.locations[1].lines[0].line, 10);
    assert_eq!(profile.stacks[0].cpu_ns, 70_000_000);
}

#[test]
fn a_name_cannot_break_out_of_the_drawing() {
    let name = "<Vec<T> as \"Trait\">::f & ]]></script>\u{1b}[2J";
    let drawn = flamegraph(name, [(vec![name.to_owned()], 3)]);
    assert!(!drawn.contains("<Vec") && !drawn.contains('\u{1b}'), "{drawn}");
    assert_eq!(drawn.matches("</script>").count(), 1);
    assert!(drawn.contains("&lt;Vec&lt;T&gt; as &quot;Trait&quot;&gt;::f &amp; "));
}

#[test]
fn a_bar_is_as_wide_as_its_share_and_a_callee_within_its_caller() {
    let name = |name: &str| name.to_owned();
    let drawn = flamegraph(
        "all",
        [
            (vec![name("main"), name("price")], 3),
            (vec![name("main"), name("sort")], 1),
        ],
    );
    assert!(
        drawn.contains("<title>main (4 samples, 100.0 %)</title>"),
        "{drawn}"
    );
    assert!(
        drawn.contains("<title>price (3 samples, 75.0 %)</title><rect x=\"0.00\" y=\"86\" width=\"900.00\""),
        "{drawn}"
    );
    assert!(
        drawn.contains("<title>sort (1 samples, 25.0 %)</title><rect x=\"900.00\" y=\"86\" width=\"300.00\""),
        "{drawn}"
    );
}

#[test]
fn a_stack_of_any_depth_is_drawn_and_none_at_all_too() {
    let deep = vec!["recursive".to_owned(); 100_000];
    assert!(flamegraph("deep", [(deep, 1)]).ends_with("</svg>\n"));
    assert!(flamegraph("none", []).contains("0 samples"));
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn message() -> Vec<u8> {
    let mut message = Vec::new();
    let file = encode(&profile()).unwrap();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(file.as_slice()), &mut message).unwrap();
    message
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
        let _ = decode(&compressed(&bytes));
    }

    #[test]
    fn no_damage_makes_the_reader_panic_or_refer_to_what_is_not_there(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut message = message();
        let index = at.index(message.len());
        message[index] = byte;
        message.truncate(cut.index(message.len()) + 1);
        if let Ok(profile) = decode(&compressed(&message)) {
            for stack in &profile.stacks {
                profile.names(stack);
            }
            encode(&profile).unwrap();
        }
    }
}
