//! How fast fingerprints are taken: `cargo run --release --example fingerprint_speed --features parquet -- FILE...`
//! prints for each file its size, the time and the rate; without a file it measures an array of 512 MiB.

use std::io::Write;
use std::time::Instant;

use telensic_run::{ArrayDtype, ArrayFingerprint, ArrayView, FileFingerprint};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        let bytes: Vec<u8> = (0..64_u32 << 20)
            .flat_map(|n| f64::from(n).to_le_bytes())
            .collect();
        for _ in 0..3 {
            let start = Instant::now();
            let view = ArrayView::contiguous(&bytes, &[bytes.len() / 8], ArrayDtype::Float64);
            let fingerprint = view.map(|view| ArrayFingerprint::of("array", &view));
            let seconds = start.elapsed().as_secs_f64();
            let rate = bytes.len() as f64 / seconds / 1e9;
            let hash = fingerprint.map(|fingerprint| fingerprint.blake3.to_string());
            writeln!(
                out,
                "array {seconds:.3} s, {rate:.2} GB/s {}",
                hash.unwrap_or_default()
            )?;
        }
    }
    for file in files {
        let start = Instant::now();
        let fingerprint = FileFingerprint::of(&file);
        let seconds = start.elapsed().as_secs_f64();
        let rate = fingerprint.size as f64 / seconds / 1e9;
        let rows = fingerprint.table.map_or(0, |table| table.row_count);
        let error = fingerprint.error.unwrap_or_default();
        writeln!(
            out,
            "{file} {} bytes, {rows} rows, {seconds:.3} s, {rate:.2} GB/s {error}",
            fingerprint.size
        )?;
    }
    Ok(())
}
