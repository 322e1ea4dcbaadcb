//! Content encodings, undone within a limit: a body that grows beyond it is given up before it fills the memory.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Deflate,
    Zstd,
}

/// The names that [`Encoding::named`] knows, for those who send another.
pub(super) const ENCODINGS: &str = "gzip, deflate, zstd, identity";

/// Why a body cannot be decompressed.
#[derive(Debug)]
pub(super) enum Undecodable {
    TooLarge,
    Broken(io::Error),
}

/// The largest window of a zstd frame, 8 MiB: what RFC 9659 allows for HTTP.
const ZSTD_WINDOW_LOG: u32 = 23;

impl Encoding {
    /// The encoding of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let names = [
            ("identity", Self::Identity),
            ("", Self::Identity),
            ("gzip", Self::Gzip),
            ("x-gzip", Self::Gzip),
            ("deflate", Self::Deflate),
            ("zstd", Self::Zstd),
        ];
        let found = names.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, encoding)| *encoding)
    }

    /// The body as it was before.
    pub(super) fn undo(self, body: Vec<u8>, limit: usize) -> Result<Vec<u8>, Undecodable> {
        match self {
            Self::Identity if body.len() > limit => Err(Undecodable::TooLarge),
            Self::Identity => Ok(body),
            Self::Gzip => read(MultiGzDecoder::new(&body[..]), body.len(), limit),
            Self::Deflate => inflate(&body, limit),
            Self::Zstd => {
                let mut decoder =
                    zstd::stream::read::Decoder::with_buffer(&body[..]).map_err(Undecodable::Broken)?;
                decoder
                    .window_log_max(ZSTD_WINDOW_LOG)
                    .map_err(Undecodable::Broken)?;
                read(decoder, body.len(), limit)
            }
        }
    }
}

/// Compressed telemetry grows to some four times its size.
fn first_guess(compressed: usize, limit: usize) -> usize {
    compressed.saturating_mul(4).min(limit).min(8 << 20)
}

fn read(decoder: impl Read, compressed: usize, limit: usize) -> Result<Vec<u8>, Undecodable> {
    let mut out = Vec::with_capacity(first_guess(compressed, limit));
    let one_more = (limit as u64).saturating_add(1);
    decoder
        .take(one_more)
        .read_to_end(&mut out)
        .map_err(Undecodable::Broken)?;
    if out.len() > limit {
        return Err(Undecodable::TooLarge);
    }
    Ok(out)
}

/// HTTP's `deflate` is a zlib stream, but some clients send a raw one. Not read through `flate2::read`, which does not
/// tell a stream that was cut off from one that ended.
fn inflate(body: &[u8], limit: usize) -> Result<Vec<u8>, Undecodable> {
    const STEP: usize = 64 << 10;
    let is_zlib = matches!(body, [first, second, ..]
        if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31));
    let mut stream = Decompress::new(is_zlib);
    let mut out = Vec::with_capacity(first_guess(body.len(), limit));
    loop {
        if out.len() > limit {
            return Err(Undecodable::TooLarge);
        }
        if out.capacity() == out.len() {
            out.reserve(STEP);
        }
        let (read, written) = (stream.total_in(), out.len());
        let rest = body.get(read as usize..).unwrap_or_default();
        let status = stream
            .decompress_vec(rest, &mut out, FlushDecompress::None)
            .map_err(|error| Undecodable::Broken(error.into()))?;
        if status == Status::StreamEnd && out.len() <= limit {
            return Ok(out);
        }
        let is_stuck = stream.total_in() == read && out.len() == written && out.capacity() > out.len();
        if is_stuck {
            return Err(Undecodable::Broken(io::ErrorKind::UnexpectedEof.into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn packed(text: &[u8]) -> Vec<(Encoding, Vec<u8>)> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(text).unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(text).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(text).unwrap();
        vec![
            (Encoding::Gzip, gzip.finish().unwrap()),
            (Encoding::Deflate, zlib.finish().unwrap()),
            (Encoding::Deflate, raw.finish().unwrap()),
            (Encoding::Zstd, zstd::encode_all(text, 1).unwrap()),
        ]
    }

    #[test]
    fn every_encoding_comes_back_and_one_cut_off_anywhere_is_broken() {
        let text: Vec<u8> = (0..5000u32).flat_map(|n| (n * n).to_le_bytes()).collect();
        for (encoding, body) in packed(&text) {
            assert_eq!(encoding.undo(body.clone(), text.len()).unwrap(), text);
            for len in (1..body.len()).step_by(97) {
                let cut = encoding.undo(body[..len].to_vec(), text.len());
                assert!(matches!(cut, Err(Undecodable::Broken(_))), "{encoding:?} {len}");
            }
        }
    }

    #[test]
    fn a_bomb_is_given_up_at_the_limit() {
        for (encoding, bomb) in packed(&vec![0; 64 << 20]) {
            assert!(bomb.len() < 1 << 20);
            let given_up = encoding.undo(bomb, 1 << 20);
            assert!(matches!(given_up, Err(Undecodable::TooLarge)), "{encoding:?}");
        }
    }
}
