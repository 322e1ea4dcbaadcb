//! The W3C `tracestate` header: notes that tracing systems leave about a trace, the latest first.
//!
//! Held as the header value itself, so passing it on costs nothing. Invariant: the text is a valid list without
//! white space around members, of at most 32 members, no key twice, at most 512 characters.

use std::fmt;

const MAX_MEMBERS: usize = 32;
const MAX_LEN: usize = 512;
/// Members longer than this go first when the list is too long.
const LONG_MEMBER: usize = 128;
/// The longest key, and the longest value.
const MAX_WORD: usize = 256;

/// The members of a `tracestate`, in order.
///
/// At most 512 characters are kept: of a longer list, members of more than 128 characters go first (from the
/// right), then members from the right, always whole ones, as W3C Trace Context asks.
///
/// ```
/// use telensic::context::TraceState;
///
/// let mut state = TraceState::parse("rojo=00f067aa0ba902b7, congo=t61rcWkgMzE").unwrap();
/// state.insert("congo", "ucfJifl5GOE");
/// assert_eq!(state.to_string(), "congo=ucfJifl5GOE,rojo=00f067aa0ba902b7");
/// assert_eq!(state.get("rojo"), Some("00f067aa0ba902b7"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TraceState {
    header: String,
}

impl TraceState {
    /// A state without members.
    pub const fn new() -> Self {
        Self {
            header: String::new(),
        }
    }

    /// Reads one header value; see [`from_headers`](Self::from_headers).
    pub fn parse(header: &str) -> Option<Self> {
        Self::from_headers([header])
    }

    /// Reads the values of all `tracestate` headers, as if joined by commas.
    ///
    /// `None` if a member breaks the grammar, if there are more than 32, or if there is none. Empty members are
    /// skipped; of members with the same key the first, which is the latest, is kept.
    pub fn from_headers<'a>(headers: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut state = Self::new();
        let mut count = 0;
        for member in headers.into_iter().flat_map(|header| header.split(',')) {
            let member = member.trim_matches([' ', '\t']);
            if member.is_empty() {
                continue;
            }
            count += 1;
            let (key, value) = member.split_once('=')?;
            if count > MAX_MEMBERS || !is_key(key) || !is_value(value) {
                return None;
            }
            if state.get(key).is_none() {
                state.push(member);
            }
        }
        state.fit(0);
        (!state.is_empty()).then_some(state)
    }

    /// Puts a member first, in place of one with the same key. What no longer fits is dropped as
    /// [`TraceState`] tells, never the new member.
    ///
    /// Returns `false`, and changes nothing, if key or value break the grammar of W3C Trace Context.
    pub fn insert(&mut self, key: &str, value: &str) -> bool {
        if !is_key(key) || !is_value(value) || key.len() + 1 + value.len() > MAX_LEN {
            return false;
        }
        let mut changed = Self {
            header: String::with_capacity(key.len() + value.len() + self.header.len() + 2),
        };
        changed.header.push_str(key);
        changed.header.push('=');
        changed.header.push_str(value);
        for member in self
            .members()
            .filter(|member| key_of(member) != key)
            .take(MAX_MEMBERS - 1)
        {
            changed.push(member);
        }
        changed.fit(1);
        *self = changed;
        true
    }

    /// Removes a member; `false` if there is none with this key.
    pub fn remove(&mut self, key: &str) -> bool {
        let mut changed = Self::new();
        for member in self.members().filter(|member| key_of(member) != key) {
            changed.push(member);
        }
        let removed = changed.header.len() != self.header.len();
        *self = changed;
        removed
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter()
            .find(|(found, _)| *found == key)
            .map(|(_, value)| value)
    }

    /// Keys and values, the latest first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members().filter_map(|member| member.split_once('='))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members().count()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.header.is_empty()
    }

    /// The header value.
    pub fn as_str(&self) -> &str {
        &self.header
    }

    fn members(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.header.split(',').filter(|member| !member.is_empty())
    }

    fn push(&mut self, member: &str) {
        if !self.header.is_empty() {
            self.header.push(',');
        }
        self.header.push_str(member);
    }

    /// Drops members until the text is short enough, sparing the first `spared`.
    fn fit(&mut self, spared: usize) {
        if self.header.len() <= MAX_LEN {
            return;
        }
        let mut members: Vec<&str> = self.members().collect();
        let mut len = self.header.len();
        while len > MAX_LEN && members.len() > spared {
            let long = members[spared..]
                .iter()
                .rposition(|member| member.len() > LONG_MEMBER);
            let victim = long.map_or(members.len() - 1, |position| spared + position);
            len = len.saturating_sub(members.remove(victim).len() + 1);
        }
        self.header = members.join(",");
    }
}

impl fmt::Display for TraceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.header)
    }
}

fn key_of(member: &str) -> &str {
    member.split_once('=').map_or(member, |(key, _)| key)
}

/// The level 2 grammar, which admits every key of level 1, those of tenants (`tenant@vendor`) too.
fn is_key(key: &str) -> bool {
    key.len() <= MAX_WORD
        && key.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && key
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/' | b'@'))
}

fn is_value(value: &str) -> bool {
    value.len() <= MAX_WORD
        && value
            .bytes()
            .all(|byte| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'=')
        && value.bytes().last().is_some_and(|last| last != b' ')
}
