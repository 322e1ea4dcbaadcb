//! Switched off, telemetry leaves no trace: no size, no file, no thread, no instruction.

use std::process::Command;

#[test]
fn every_name_is_there() {
    let dir = std::env::temp_dir().join(format!("telensic-off-{}", std::process::id()));
    telensic_off::every_name(&dir);
    assert_eq!(dir.exists(), cfg!(feature = "record"), "only the recorder writes");
    let _ = std::fs::remove_dir_all(dir);
}

/// There is a recorder here, and nothing that counts.
#[cfg(feature = "record")]
#[test]
fn without_metrics_a_call_of_an_adapter_is_a_span() {
    let dir = std::env::temp_dir().join(format!("telensic-off-adapter-{}", std::process::id()));
    let guard = telensic::Builder::new("off").dir(&dir).log_files(false).init();
    let tape = telensic::tape_path().expect("it records");
    assert!(telensic_off::Feed.candles(2_000).is_err());
    assert!(guard.shutdown());
    let bytes = std::fs::read(tape).expect("readable");
    for text in ["adapter.candles", "refused", "outcome"] {
        assert!(bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
    let _ = std::fs::remove_dir_all(dir);
}

#[cfg(not(feature = "record"))]
#[test]
fn the_types_are_empty() {
    assert_eq!(size_of::<telensic::Span>(), 0);
    assert_eq!(size_of::<telensic::EnteredSpan>(), 0);
    assert_eq!(size_of::<telensic::LogRecord>(), 0);
    assert_eq!(size_of::<telensic::Guard>(), 0);
}

/// Compiles this crate with optimisation and compares the machine code of each two functions.
#[test]
fn an_instrumented_function_has_the_machine_code_of_the_plain_one() {
    let target = std::env::temp_dir().join(format!("telensic-off-asm-{}", std::process::id()));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["rustc", "--release", "--lib", "--quiet", "--manifest-path"]);
    cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).arg("--target-dir").arg(&target);
    if cfg!(feature = "record") {
        cargo.args(["--features", "record"]);
    }
    cargo.args(["--", "--emit", "asm", "-C", "codegen-units=1"]);
    assert!(cargo.status().expect("cargo runs").success());
    let listing = std::fs::read_dir(target.join("release/deps"))
        .expect("compiled")
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ending| ending == "s"))
        .expect("an assembly listing");
    let assembly = std::fs::read_to_string(listing).expect("readable");
    for (plain, instrumented) in [
        ("telensic_off_plain", "telensic_off_instrumented"),
        ("telensic_off_plain", "telensic_off_attributed"),
        ("telensic_off_fallible_plain", "telensic_off_fallible_attributed"),
        ("telensic_off_plain", "telensic_off_adapter"),
        ("telensic_off_adapter_fallible_plain", "telensic_off_adapter_fallible"),
    ] {
        // With the recorder the same comparison must fail, or it would prove nothing.
        let same = are_the_same(&assembly, plain, instrumented);
        assert_eq!(same, cfg!(not(feature = "record")), "{plain} {instrumented}");
    }
    let _ = std::fs::remove_dir_all(target);
}

/// Whether two functions have the same instructions, or the compiler has found by itself that they are one.
fn are_the_same(assembly: &str, left: &str, right: &str) -> bool {
    let [left_name, right_name] = [left, right].map(|name| name_of(assembly, name));
    if left_name == right_name {
        return true;
    }
    let [left, right] = [left_name, right_name].map(|name| body(assembly, name));
    assert!(!(left.is_empty() || right.is_empty()), "the functions are in the listing");
    left == right
}

/// The function that this name stands for: another one's, if the two were found to be one.
fn name_of<'a>(assembly: &'a str, name: &'a str) -> &'a str {
    let alias = assembly.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(" = "));
    alias.map_or(name, str::trim)
}

/// The instructions of a function in a listing.
fn body<'a>(assembly: &'a str, name: &str) -> Vec<&'a str> {
    assembly
        .lines()
        .skip_while(|line| line.trim_end() != format!("{name}:"))
        .skip(1)
        .take_while(|line| !line.starts_with(".Lfunc_end"))
        .map(str::trim)
        .filter(|line| !line.starts_with('.'))
        .collect()
}
