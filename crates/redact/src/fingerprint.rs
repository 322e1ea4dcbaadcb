//! What stands in the place of an array or a table: its type, its size, and a hash of its contents.
//!
//! Invariant: equal contents give equal fingerprints on every machine; elements are hashed in little-endian order,
//! strings with their length before them. The hash has no key, since an array of more than
//! [`KEEP_ARRAY_ELEMENTS`] measured values cannot be guessed; an array under a secret key gets a mask instead.

use blake3::Hasher;

/// Arrays of up to this many elements are small enough to be kept as they are; a longer one is replaced by its
/// [`fingerprint`].
pub const KEEP_ARRAY_ELEMENTS: usize = 16;

/// What an array may be made of.
pub trait Element: sealed::Sealed {
    /// The name of the type in the fingerprint.
    const DTYPE: &'static str;

    #[doc(hidden)]
    fn feed(&self, hasher: &mut Feed);
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f64 {}
    impl Sealed for i64 {}
    impl Sealed for bool {}
    impl Sealed for str {}
    impl<T: Sealed + ?Sized> Sealed for &T {}
    impl Sealed for String {}
}

/// Gathers small elements, so that the hasher sees large blocks.
#[doc(hidden)]
pub struct Feed {
    hasher: Hasher,
    block: [u8; 4096],
    filled: usize,
}

impl Feed {
    fn new() -> Self {
        Self {
            hasher: Hasher::new(),
            block: [0; 4096],
            filled: 0,
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        if bytes.len() > self.block.len() - self.filled {
            self.flush();
        }
        match self.block.get_mut(self.filled..self.filled + bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.filled += bytes.len();
            }
            None => {
                self.hasher.update(bytes);
            }
        }
    }

    fn flush(&mut self) {
        self.hasher.update(&self.block[..self.filled]);
        self.filled = 0;
    }

    fn digits(mut self) -> String {
        self.flush();
        self.hasher.finalize().to_hex().as_str()[..16].to_owned()
    }
}

impl Element for f64 {
    const DTYPE: &'static str = "f64";
    fn feed(&self, hasher: &mut Feed) {
        hasher.push(&self.to_le_bytes());
    }
}

impl Element for i64 {
    const DTYPE: &'static str = "i64";
    fn feed(&self, hasher: &mut Feed) {
        hasher.push(&self.to_le_bytes());
    }
}

impl Element for bool {
    const DTYPE: &'static str = "bool";
    fn feed(&self, hasher: &mut Feed) {
        hasher.push(&[u8::from(*self)]);
    }
}

impl Element for str {
    const DTYPE: &'static str = "str";
    fn feed(&self, hasher: &mut Feed) {
        hasher.push(&(self.len() as u64).to_le_bytes());
        hasher.push(self.as_bytes());
    }
}

impl Element for String {
    const DTYPE: &'static str = "str";
    fn feed(&self, hasher: &mut Feed) {
        self.as_str().feed(hasher);
    }
}

impl<T: Element + ?Sized> Element for &T {
    const DTYPE: &'static str = T::DTYPE;
    fn feed(&self, hasher: &mut Feed) {
        (**self).feed(hasher);
    }
}

/// The fingerprint of an array.
///
/// ```
/// let prices = vec![101.5; 1000];
/// let text = telensic_redact::fingerprint(&prices);
/// assert!(text.starts_with("[ARRAY f64 n=1000 blake3:"));
/// ```
pub fn fingerprint<T: Element>(elements: &[T]) -> String {
    let mut feed = Feed::new();
    elements.iter().for_each(|element| element.feed(&mut feed));
    format!(
        "[ARRAY {} n={} blake3:{}]",
        T::DTYPE,
        elements.len(),
        feed.digits()
    )
}

/// The fingerprint of bytes that the caller names: `name` is `ARRAY f32`, `BYTES`, `TABLE 4 columns`.
pub fn fingerprint_bytes(name: &str, elements: usize, bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    format!("[{name} n={elements} blake3:{}]", &hash.as_str()[..16])
}
