//! From a pack back to a directory that verifies; and packs that lie.

use std::fs;
use std::path::Path;

use telensic_forensics::pack::{PackContents, is_pack, unpack};
use telensic_forensics::report::html::Thinning;
use telensic_run::{RunDir, VerifyOptions, verify};

use crate::runs;

#[test]
fn an_unpacked_run_is_the_very_run_and_verifies() {
    let run = runs::ordinary();
    fs::write(
        run.run.path().join("logs").join("100% \u{e9} & <x>.jsonl"),
        b"{}\n",
    )
    .unwrap();
    fs::write(run.run.metrics(), b"").unwrap();
    // Larger than a piece, and not compressible.
    let noise: Vec<u8> = (0..5_000_000u64)
        .map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u8)
        .collect();
    fs::write(run.run.path().join("profiles").join("cpu.pb"), &noise).unwrap();
    run.seal();
    let pack = run.pack();
    assert!(is_pack(&pack));

    let target = run.home.path().join("imported");
    let unpacked = unpack(&pack, &target).unwrap();
    assert_eq!(unpacked.files, PackContents::of(&run.run).unwrap().files());
    assert!(unpacked.not_held.is_empty());
    let imported = RunDir::open(&target).unwrap();
    assert!(verify(&imported, VerifyOptions::default()).unwrap().is_whole());
    assert_eq!(fs::read(target.join("profiles").join("cpu.pb")).unwrap(), noise);

    let error = unpack(&pack, &target).unwrap_err().to_string();
    assert!(error.contains("is not empty"), "{error}");
}

#[test]
fn a_report_is_no_pack_and_an_unsealed_run_gives_none() {
    let run = runs::ordinary();
    let report = run.report(Thinning::default());
    let error = unpack(&report, &run.home.path().join("x"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("it has no index"), "{error}");
    assert!(!run.home.path().join("x").exists(), "nothing was made");
    let manifest = run.run.manifest().unwrap();
    let timeline = telensic_forensics::Timeline::read(&run.run).unwrap();
    let input = telensic_forensics::report::html::ReportInput::new(&manifest, &timeline);
    let error = telensic_forensics::pack::write(&run.run, &input, &mut Vec::new())
        .unwrap_err()
        .to_string();
    assert!(error.contains("is not sealed"), "{error}");
}

/// Unpacks a page with this index and these lines as its first block.
fn unpack_written(directory: &Path, index: &str, lines: &str) -> String {
    let pack = directory.join("hostile.html");
    let page = format!(
        "<!DOCTYPE html>\n<script type=\"application/json\" id=\"pack-index\">\n{index}\n</script>\n<script type=\"text/plain\" id=\"pack-0\">\n{lines}</script>\n"
    );
    fs::write(&pack, page).unwrap();
    let target = directory.join("inner").join("target");
    let _ = fs::remove_dir_all(&target);
    unpack(&pack, &target).unwrap_err().to_string()
}

#[test]
fn a_pack_that_lies_writes_nothing_outside_and_no_more_than_it_says() {
    let home = tempfile::tempdir().unwrap();
    let hello = "y0jNyckHAA==";
    let cases = [
        (
            r#"{"version":1,"files":[{"path":"../../out","size":5}],"links":[]}"#,
            hello,
            "leads out of",
        ),
        (
            r#"{"version":1,"files":[{"path":"/out","size":5}],"links":[]}"#,
            hello,
            "leads out of",
        ),
        (
            r#"{"version":1,"files":[{"path":"a/%2e%2e/%2e%2e/out","size":5}],"links":[]}"#,
            hello,
            "leads out of",
        ),
        (
            r#"{"version":1,"files":[{"path":"a","size":5},{"path":"a","size":5}],"links":[]}"#,
            hello,
            "is there twice",
        ),
        (
            r#"{"version":1,"files":[{"path":"a","size":4}],"links":[]}"#,
            hello,
            "cannot be unpacked",
        ),
        (
            r#"{"version":1,"files":[{"path":"a","size":6}],"links":[]}"#,
            hello,
            "1 bytes of a are missing",
        ),
        (
            r#"{"version":1,"files":[{"path":"a","size":5}],"links":[]}"#,
            "not base64!",
            "cannot be unpacked",
        ),
        (
            r#"{"version":1,"files":[{"path":"a","size":99999999999}],"links":[]}"#,
            hello,
            "would take",
        ),
        (r#"{"version":2,"files":[],"links":[]}"#, hello, "pack format 2"),
        ("{", hello, "its index cannot be read"),
    ];
    for (index, line, expected) in cases {
        let error = unpack_written(home.path(), index, &format!("{line}\n"));
        assert!(error.contains(expected), "{index}: {error}");
        assert!(!home.path().join("out").exists() && !home.path().join("inner").join("out").exists());
    }
}

#[test]
fn a_pack_cut_off_anywhere_is_an_error_and_never_a_panic() {
    let run = runs::recorded(telensic_run::RunStatus::Succeeded, |tapes| {
        crate::record::Recorder::new(tapes, "engine").close();
        1
    });
    run.seal();
    let whole = fs::read(run.pack()).unwrap();
    let end = whole.len() - "</script>\n</body>\n</html>\n".len();
    let cut = run.home.path().join("cut.html");
    for part in 1..40 {
        fs::write(&cut, &whole[..end * part / 40]).unwrap();
        let target = run.home.path().join(format!("cut-{part}"));
        assert!(unpack(&cut, &target).is_err(), "cut at {part} of 40");
    }
}
