//! Golden fingerprints: a change here makes every fingerprint that was ever stored incomparable.

use telensic_run::{ArrayDtype, ArrayFingerprint, ArrayView, FileFingerprint};

#[test]
fn of_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("golden.csv");
    let mut text = String::from("time,symbol,close\n");
    for row in 0..2_500 {
        text.push_str(&format!(
            "2026-01-02T09:30:{:02}.{row:06}Z,S{},{}.25\n",
            row % 60,
            row % 3,
            row
        ));
    }
    std::fs::write(&path, text).unwrap();
    let mut file = FileFingerprint::of(&path);
    file.path = "golden.csv".to_owned();
    let found = serde_json::to_string_pretty(&file).unwrap() + "\n";
    assert_eq!(found, include_str!("golden/file.json"));
}

#[test]
fn of_an_array() {
    let bytes: Vec<u8> = (0..2_500_i32)
        .map(|n| {
            if n % 1000 == 7 {
                f64::NAN
            } else {
                f64::from(n) * 0.5
            }
        })
        .flat_map(f64::to_le_bytes)
        .collect();
    let view = ArrayView::contiguous(&bytes, &[1250, 2], ArrayDtype::Float64).unwrap();
    let found = serde_json::to_string_pretty(&ArrayFingerprint::of("nav", &view)).unwrap() + "\n";
    assert_eq!(found, include_str!("golden/array.json"));
}
