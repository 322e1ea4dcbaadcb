//! Whether a value looks random. Only asked next to a telling name: a hash looks just as random as a key.
//!
//! Invariant: identifiers, numbers, dates, paths and UUIDs do not look random, however long they are.

/// The shortest text of letters and digits that is judged.
const SHORTEST: usize = 20;

/// The shortest text of hexadecimal digits that is judged.
const SHORTEST_HEX: usize = 32;

/// The shortest stretch without punctuation that a random text is expected to have.
const SHORTEST_PIECE: usize = 16;

/// Whether the whole of `value` looks random.
pub(crate) fn looks_random(value: &[u8]) -> bool {
    let value = unquoted(value);
    if value.len() < SHORTEST || !value.iter().all(|byte| is_token_byte(*byte)) || is_uuid(value) {
        return false;
    }
    if value.iter().all(u8::is_ascii_hexdigit) {
        let letters = value.iter().any(u8::is_ascii_alphabetic);
        return value.len() >= SHORTEST_HEX && letters && entropy(value) >= 3.0;
    }
    let piece = longest_piece(value);
    let digits = piece.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = piece.len() - digits;
    let random_mix = (digits >= 2 || (digits == 1 && piece.len() >= 32)) && letters > 2;
    piece.len() >= SHORTEST_PIECE && random_mix && turns(piece) * 6 >= piece.len() && entropy(value) >= 3.5
}

fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inside @ .., b'"'] | [b'\'', inside @ .., b'\''] => inside,
        _ => value,
    }
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_.~%-".contains(&byte)
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && [8, 13, 18, 23].iter().all(|at| value[*at] == b'-')
        && value.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
}

fn longest_piece(value: &[u8]) -> &[u8] {
    value
        .split(|byte| !byte.is_ascii_alphanumeric())
        .max_by_key(|piece| piece.len())
        .unwrap_or_default()
}

/// How often the kind of byte changes between lower case, upper case and digit.
fn turns(piece: &[u8]) -> usize {
    let kind = |byte: u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    piece
        .windows(2)
        .filter(|pair| kind(pair[0]) != kind(pair[1]))
        .count()
}

/// Shannon's entropy in bits a byte.
fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0u32; 128];
    for byte in value {
        counts[usize::from(byte & 127)] += 1;
    }
    let total = value.len() as f64;
    let of = |count: u32| f64::from(count) / total;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| -of(*count) * of(*count).log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::looks_random;

    #[test]
    fn identifiers_do_not_look_random_and_keys_do() {
        for plain in [
            "order_book_snapshot_v2_2024_01_02",
            "getOrderBookSnapshotForSymbol2",
            "2024-01-02T03:04:05.678901234Z",
            "550e8400-e29b-41d4-a716-446655440000",
            "/data/raw/2024/01/02/part-00001.parquet",
            "20240102030405123456789",
            "com.example.trading.engine.OrderBook2",
            "BINANCE_FUTURES_BTCUSDT_PERPETUAL_1M",
        ] {
            assert!(!looks_random(plain.as_bytes()), "{plain}");
        }
        for random in [
            "c1q8v2iad3i9k7f0s5g0x2",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB",
        ] {
            assert!(looks_random(random.as_bytes()), "{random}");
        }
    }
}
