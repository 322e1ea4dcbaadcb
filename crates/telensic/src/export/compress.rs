//! Compression of requests. At the fastest levels: a request is compressed once and read once.

use std::io::{self, Write};

use super::Compression;

/// The compressed bytes.
pub(super) fn compressed(compression: Compression, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    match compression {
        Compression::None => Ok(bytes),
        Compression::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(
                Vec::with_capacity(bytes.len() / 4),
                flate2::Compression::fast(),
            );
            encoder.write_all(&bytes)?;
            encoder.finish()
        }
        Compression::Zstd => zstd::bulk::compress(&bytes, 1),
    }
}

/// What a header says of it.
pub(super) fn name(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::None => None,
        Compression::Gzip => Some("gzip"),
        Compression::Zstd => Some("zstd"),
    }
}
