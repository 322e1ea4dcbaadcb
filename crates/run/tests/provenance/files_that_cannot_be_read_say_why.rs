use std::fs;

use telensic_run::{FileFingerprint, FileFormat, Sha256Digest};

#[test]
fn what_is_no_file_is_named_without_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let missing = FileFingerprint::of(dir.path().join("none"));
    assert!(missing.error.unwrap().starts_with("cannot be opened"));
    let directory = FileFingerprint::of(dir.path());
    assert!(directory.error.unwrap().contains("is a directory"));
    assert_eq!(directory.sha256, None);
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_device_are_refused_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe.csv");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    for path in [pipe.as_path(), "/dev/zero".as_ref()] {
        assert!(
            FileFingerprint::of(path)
                .error
                .unwrap()
                .contains("no regular file")
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_lies_about_its_size_is_named() {
    let file = FileFingerprint::of("/proc/self/status");
    assert!(file.error.unwrap().contains("more bytes than its size says"));
}

/// A writer that never stops, until the file was read in between; the reader notices each time.
#[test]
fn a_file_that_changes_while_it_is_read_is_named() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("growing.bin");
    fs::write(&path, vec![7; 24 << 20]).unwrap();
    let (stop, started) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut size = 24 << 20;
            let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
            while !stop.load(Ordering::Relaxed) {
                size += 1;
                file.set_len(size).unwrap();
                started.store(true, Ordering::Relaxed);
            }
        });
        while !started.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        let file = FileFingerprint::of(&path);
        stop.store(true, Ordering::Relaxed);
        assert!(file.error.unwrap().contains("changed while it was read"));
    });
}

#[test]
fn bytes_that_are_no_table_are_hashed_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    for (name, format) in [
        ("a.bin", FileFormat::Bytes),
        ("a.parquet", FileFormat::Parquet),
        ("a.JSON", FileFormat::Json),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, b"PAR0, not a table").unwrap();
        let file = FileFingerprint::of(&path);
        assert_eq!(file.format, format, "{name}");
        assert_eq!(
            file.sha256,
            Some(Sha256Digest::of(b"PAR0, not a table")),
            "{name}"
        );
        assert_eq!(file.error.is_some(), format != FileFormat::Bytes, "{name}");
    }
}

#[test]
fn hashing_in_blocks_gives_the_hash_of_the_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("blocks.bin");
    let mib = 1 << 20;
    for length in [0, 1, mib - 1, mib, mib + 1, 3 * mib, 7 * mib + 13] {
        let bytes: Vec<u8> = (0..length).map(|at: usize| ((at * 31) >> 7) as u8).collect();
        fs::write(&path, &bytes).unwrap();
        let file = FileFingerprint::of(&path);
        assert_eq!(file.sha256, Some(Sha256Digest::of(&bytes)), "{length}");
        assert_eq!(file.blake3, Some(telensic_run::Digest::of(&bytes)), "{length}");
    }
}
