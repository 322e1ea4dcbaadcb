//! The W3C `baggage` header: the program's own values, carried along with the trace.
//!
//! Values are held decoded. Invariant: keys are unique tokens, and the header this makes has at most 180 members
//! and 8,192 bytes.

use std::fmt::{self, Write as _};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

const MAX_MEMBERS: usize = 180;
const MAX_BYTES: usize = 8192;
/// A member takes two bytes and a comma at least, so a header within bounds cannot have more; the rest of a
/// longer one is not read.
const MAX_READ: usize = MAX_BYTES / 3 + 1;

/// What must not stand in a value as it is. `+` could, but some receivers read it as a space.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b',')
    .add(b';')
    .add(b'\\')
    .add(b'%')
    .add(b'+');

/// Values by key, with optional properties, in the order they were added.
///
/// ```
/// use telensic::context::Baggage;
///
/// let baggage = Baggage::parse("userId=Am%C3%A9lie, isProduction = false;ttl=30");
/// assert_eq!(baggage.get("userId"), Some("Am\u{e9}lie"));
/// assert_eq!(baggage.to_string(), "userId=Am%C3%A9lie,isProduction=false;ttl=30");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baggage {
    members: Vec<BaggageMember>,
    /// The bytes of the members when written, without the commas between them.
    bytes: usize,
}

/// A value and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaggageMember {
    key: String,
    value: String,
    properties: Vec<BaggageProperty>,
}

/// A remark on a value: a bare key, or a key and a value. W3C Baggage gives it no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaggageProperty {
    key: String,
    value: Option<String>,
}

impl Baggage {
    /// Baggage without members.
    pub const fn new() -> Self {
        Self {
            members: Vec::new(),
            bytes: 0,
        }
    }

    /// Reads one header value; see [`from_headers`](Self::from_headers).
    pub fn parse(header: &str) -> Self {
        Self::from_headers([header])
    }

    /// Reads the values of all `baggage` headers, as if joined by commas.
    ///
    /// A member that breaks the grammar or no longer fits is left out whole; of members with the same key the
    /// last is kept, in the place of the first.
    pub fn from_headers<'a>(headers: impl IntoIterator<Item = &'a str>) -> Self {
        let mut baggage = Self::new();
        let members = headers
            .into_iter()
            .flat_map(|header| header.split(','))
            .take(MAX_READ);
        for member in members.filter_map(BaggageMember::parse) {
            baggage.insert_member(member);
        }
        baggage
    }

    /// Sets a value, without properties.
    ///
    /// Returns `false`, and changes nothing, if the key is not a token as HTTP defines it (letters, digits and
    /// ``!#$%&'*+-.^_`|~``) or if the header would grow beyond 180 members or 8,192 bytes.
    pub fn insert(&mut self, key: &str, value: &str) -> bool {
        self.insert_member(BaggageMember::new(key, value))
    }

    /// Sets a value with its properties; see [`insert`](Self::insert).
    pub fn insert_member(&mut self, member: BaggageMember) -> bool {
        if !member.has_valid_keys() {
            return false;
        }
        let place = self.members.iter().position(|held| held.key == member.key);
        let freed = place.map_or(0, |index| self.members[index].encoded_len());
        let count = self.members.len() + usize::from(place.is_none());
        let bytes = self.bytes - freed + member.encoded_len();
        if count > MAX_MEMBERS || bytes + count - 1 > MAX_BYTES {
            return false;
        }
        self.bytes = bytes;
        match place {
            Some(index) => self.members[index] = member,
            None => self.members.push(member),
        }
        true
    }

    /// Removes a member; `None` if there is none with this key.
    pub fn remove(&mut self, key: &str) -> Option<BaggageMember> {
        let index = self.members.iter().position(|member| member.key == key)?;
        let removed = self.members.remove(index);
        self.bytes -= removed.encoded_len();
        Some(removed)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.member(key).map(BaggageMember::value)
    }

    /// The value of a key with its properties.
    pub fn member(&self, key: &str) -> Option<&BaggageMember> {
        self.members.iter().find(|member| member.key == key)
    }

    /// The members in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &BaggageMember> {
        self.members.iter()
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The header value.
    pub fn to_header(&self) -> String {
        let mut header = String::with_capacity(self.bytes + self.members.len());
        // Writing to a string cannot fail.
        let _ = write!(header, "{self}");
        header
    }
}

impl BaggageMember {
    /// A value without properties. [`Baggage::insert_member`] checks the key.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            value: value.into(),
            properties: Vec::new(),
        }
    }

    /// The member with one more property.
    #[must_use]
    pub fn with_property(mut self, key: impl Into<String>, value: Option<&str>) -> Self {
        self.properties.push(BaggageProperty {
            key: key.into(),
            value: value.map(str::to_owned),
        });
        self
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value, decoded.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The properties in order.
    pub fn properties(&self) -> &[BaggageProperty] {
        &self.properties
    }

    fn parse(member: &str) -> Option<Self> {
        let mut parts = member.split(';').map(trim);
        let (key, value) = parts.next()?.split_once('=')?;
        let mut parsed = Self::new(trim(key), decode(trim(value))?);
        for property in parts.filter(|property| !property.is_empty()) {
            let (key, value) = match property.split_once('=') {
                Some((key, value)) => (trim(key), Some(decode(trim(value))?)),
                None => (property, None),
            };
            parsed.properties.push(BaggageProperty {
                key: key.to_owned(),
                value,
            });
        }
        parsed.has_valid_keys().then_some(parsed)
    }

    fn has_valid_keys(&self) -> bool {
        is_token(&self.key) && self.properties.iter().all(|property| is_token(&property.key))
    }

    fn encoded_len(&self) -> usize {
        let properties = self.properties.iter().map(|property| {
            let value = property
                .value
                .as_deref()
                .map_or(0, |value| 1 + encoded_len(value));
            1 + property.key.len() + value
        });
        self.key.len() + 1 + encoded_len(&self.value) + properties.sum::<usize>()
    }
}

impl BaggageProperty {
    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value, decoded; `None` for a bare key.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }
}

impl fmt::Display for Baggage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, member) in self.members.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{member}")?;
        }
        Ok(())
    }
}

impl fmt::Display for BaggageMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, utf8_percent_encode(&self.value, ENCODED))?;
        for property in &self.properties {
            write!(f, ";{}", property.key)?;
            if let Some(value) = &property.value {
                write!(f, "={}", utf8_percent_encode(value, ENCODED))?;
            }
        }
        Ok(())
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// The decoded value; bytes that are not UTF-8 become U+FFFD. `None` if it has an octet that must be encoded.
fn decode(value: &str) -> Option<String> {
    let is_octet = |byte| matches!(byte, b'!'..=b'~') && !matches!(byte, b'"' | b',' | b';' | b'\\');
    value
        .bytes()
        .all(is_octet)
        .then(|| percent_decode_str(value).decode_utf8_lossy().into_owned())
}

fn encoded_len(value: &str) -> usize {
    utf8_percent_encode(value, ENCODED).map(str::len).sum()
}

fn is_token(key: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !key.is_empty() && key.bytes().all(is_token_byte)
}
