//! The page's own BLAKE3, SHA-512, Ed25519, CRC-32 and DEFLATE, in a real browser, against the reference and the RFC's vectors.

use std::fmt::Write as _;
use std::io::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::browser::document;

const CODE: [&str; 8] = [
    include_str!("../../src/report/html/page/format.js"),
    include_str!("../../src/report/html/page/inflate.js"),
    include_str!("../../src/report/html/page/blake3.js"),
    include_str!("../../src/report/html/page/sha512.js"),
    include_str!("../../src/report/html/page/ed25519.js"),
    include_str!("../../src/report/html/page/pack.js"),
    include_str!("../../src/report/html/page/seal.js"),
    include_str!("checks.js"),
];

/// RFC 8032, 7.1: public key, message, signature.
const SIGNED: [(&str, &str, &str); 3] = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
];

/// The lengths of BLAKE3's official vectors; the input is 0, 1, .. 250, 0, 1 ..
const LENGTHS: [usize; 24] = [
    0, 1, 2, 3, 7, 8, 63, 64, 65, 127, 128, 1023, 1024, 1025, 2048, 2049, 3072, 3073, 4096, 5121, 8192,
    16_384, 31_744, 102_400,
];

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at % 251) as u8).collect()
}

#[test]
fn every_check_of_the_page_agrees_with_its_standard() {
    let empty = blake3::hash(b"").to_string();
    assert_eq!(
        empty,
        "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
    );
    let mut vectors = String::from("{\"blake3\":[");
    for (number, len) in LENGTHS.into_iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        let crc = crc32(&pattern(len));
        write!(
            vectors,
            "{comma}[{len},\"{}\",{crc}]",
            blake3::hash(&pattern(len))
        )
        .unwrap();
    }
    vectors.push_str("],\"signed\":[");
    for (number, (key, message, signature)) in SIGNED.into_iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        write!(vectors, "{comma}[\"{key}\",\"{message}\",\"{signature}\"]").unwrap();
    }
    vectors.push_str("],\"packed\":[");
    let mut first = true;
    for len in [0, 1, 1_000, 70_000, 400_000] {
        for (level, input) in [
            (0, pattern(len)),
            (1, pattern(len)),
            (9, words(len)),
            (6, vec![0; len]),
        ] {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(level));
            encoder.write_all(&input).unwrap();
            let packed = STANDARD.encode(encoder.finish().unwrap());
            let comma = if std::mem::take(&mut first) { "" } else { "," };
            write!(
                vectors,
                "{comma}[\"{packed}\",{len},\"{}\"]",
                blake3::hash(&input)
            )
            .unwrap();
        }
    }
    vectors.push_str("]}");

    let home = tempfile::tempdir().unwrap();
    let page = home.path().join("checks.html");
    let html = format!(
        "<!DOCTYPE html>\n<html><body><script type=\"application/json\" id=\"vectors\">{vectors}</script><script>{}</script></body></html>",
        CODE.concat()
    );
    std::fs::write(&page, html).unwrap();
    let Some(document) = document(&page, "") else {
        return;
    };
    let (_, said) = document.split_once("data-outcome=\"").expect("an outcome");
    assert_eq!(
        said.split_once('"').unwrap().0,
        "24 hashes, 3 signatures, 20 pieces, 0 wrong"
    );
}

/// Text that compresses with codes of many lengths.
fn words(len: usize) -> Vec<u8> {
    let mut state = 1u64;
    (0..len)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            b"etaoin shrdlu\n0123456789"[((state >> 40) as usize % 24).min((state >> 50) as usize % 24)]
        })
        .collect()
}

/// Bit by bit, as the polynomial says.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}
