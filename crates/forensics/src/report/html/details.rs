//! What is shown of a span when somebody looks at it: one line of JSON each.
//!
//! ```text
//! [attributes, events, links, message, dropped]      from the end what is empty is left out
//! attributes   [key, value, key, value ..]           a key is a number of the dictionary
//! events       [nanoseconds since the start, name, attributes] each, one list
//! links        [trace id, span id, attributes] each
//! dropped      attributes, events and links cut by a limit
//! ```

use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use telensic_tape::otlp::{AnyView, Attributes, Repeated, SpanView};

use super::dictionary::Dictionary;

/// A text is shown up to here.
const LONGEST_TEXT: usize = 16 * 1024;

/// Values nested deeper are not shown.
const DEEPEST: u32 = 16;

/// Integers beyond this are not exact in the page, and are shown as text.
const EXACT: u64 = 1 << 53;

/// The line of a span.
pub(super) struct Details<'d, 'a> {
    pub(super) view: Option<SpanView<'a>>,
    pub(super) dictionary: &'d Dictionary<'a>,
}

impl Serialize for Details<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(view) = &self.view else {
            return serializer.serialize_seq(Some(0))?.end();
        };
        let events: Vec<_> = view
            .events()
            .flatten()
            .map(|event| {
                let after = event.time.0.saturating_sub(view.start.0);
                (
                    after,
                    Text(event.name),
                    Pairs::of(event.attributes(), self.dictionary),
                )
            })
            .collect();
        let links: Vec<_> = view
            .links()
            .flatten()
            .map(|link| {
                let (trace, span) = (link.trace_id.to_string(), link.span_id.to_string());
                (trace, span, Pairs::of(link.attributes(), self.dictionary))
            })
            .collect();
        let dropped = [view.dropped_attributes, view.dropped_events, view.dropped_links];
        let is_dropped = dropped.iter().any(|count| *count > 0);
        let has_attributes = view.attributes().next().is_some();
        let parts = if is_dropped {
            5
        } else if !view.status.message.is_empty() {
            4
        } else if !links.is_empty() {
            3
        } else if !events.is_empty() {
            2
        } else {
            usize::from(has_attributes)
        };
        let mut line = serializer.serialize_seq(Some(parts))?;
        if parts > 0 {
            line.serialize_element(&Pairs::of(view.attributes(), self.dictionary))?;
        }
        if parts > 1 {
            line.serialize_element(&events)?;
        }
        if parts > 2 {
            line.serialize_element(&links)?;
        }
        if parts > 3 {
            line.serialize_element(&Text(view.status.message))?;
        }
        if parts > 4 {
            line.serialize_element(&dropped)?;
        }
        line.end()
    }
}

/// Attributes as one flat list.
pub(super) struct Pairs<'d, 'a> {
    attributes: Attributes<'a>,
    dictionary: &'d Dictionary<'a>,
}

impl<'d, 'a> Pairs<'d, 'a> {
    pub(super) fn of(attributes: Attributes<'a>, dictionary: &'d Dictionary<'a>) -> Self {
        Self {
            attributes,
            dictionary,
        }
    }
}

impl Serialize for Pairs<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        // What is malformed deep within a record is told of by `verify`; the rest of it is shown here.
        for pair in self.attributes.clone().flatten() {
            list.serialize_element(&self.dictionary.number(pair.key))?;
            list.serialize_element(&Shown::of(pair.value))?;
        }
        list.end()
    }
}

/// A value as the page shows it.
pub(super) struct Shown<'a> {
    value: AnyView<'a>,
    depth: u32,
}

impl<'a> Shown<'a> {
    pub(super) fn of(value: AnyView<'a>) -> Self {
        Self { value, depth: 0 }
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.depth > DEEPEST {
            return serializer.serialize_str("(nested too deep to be shown)");
        }
        let depth = self.depth + 1;
        match &self.value {
            AnyView::Empty => serializer.serialize_none(),
            AnyView::Str(text) => Text(text).serialize(serializer),
            AnyView::Bool(truth) => serializer.serialize_bool(*truth),
            AnyView::I64(int) if int.unsigned_abs() > EXACT => serializer.collect_str(int),
            AnyView::I64(int) => serializer.serialize_i64(*int),
            AnyView::F64(float) if float.is_finite() => serializer.serialize_f64(*float),
            AnyView::F64(float) => serializer.collect_str(float),
            AnyView::Bytes(bytes) => serializer.collect_str(&format_args!("({} bytes)", bytes.len())),
            AnyView::Array(items) => items_of(items.clone(), depth, serializer),
            AnyView::KeyValues(pairs) => {
                let mut map = serializer.serialize_map(None)?;
                for pair in pairs.clone().flatten() {
                    map.serialize_entry(
                        pair.key,
                        &Shown {
                            value: pair.value,
                            depth,
                        },
                    )?;
                }
                map.end()
            }
        }
    }
}

fn items_of<S: Serializer>(items: Repeated<'_>, depth: u32, serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(None)?;
    for item in items {
        let value = item.and_then(AnyView::parse).map_err(S::Error::custom)?;
        list.serialize_element(&Shown { value, depth })?;
    }
    list.end()
}

/// A text, cut if it is very long.
pub(super) struct Text<'a>(pub(super) &'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.len() <= LONGEST_TEXT {
            return serializer.serialize_str(self.0);
        }
        let end = self.0.floor_char_boundary(LONGEST_TEXT);
        let left = self.0.len() - end;
        serializer.collect_str(&format_args!("{} (and {left} bytes more)", &self.0[..end]))
    }
}
