//! What rows must fulfil.

use std::ops::Range;

use arrow_schema::DataType;
use telensic_tape::{Signal, TraceId, UnixNanos};

use super::scanning::no_column;
use crate::columns::{STANDARD, name, schema_of};
use crate::error::{StoreError, StoreErrorKind};

/// Conditions that must all be fulfilled.
///
/// ```
/// use telensic_store::Predicate;
///
/// let slow_and_failed = Predicate::default()
///     .text("service", "loader")
///     .at_least("duration", 2_000_000_000)
///     .number("status_code", 2)
///     .attribute("symbol", "BTC");
/// # let _ = slow_and_failed;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Predicate {
    pub(crate) conditions: Vec<Condition>,
}

/// One condition.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Condition {
    /// The row's time (spans: start) is within; a range that ends with the last number there is has no end.
    Time(Range<UnixNanos>),
    /// The row is of this trace.
    Trace(TraceId),
    /// A column of texts.
    Text {
        /// Its name.
        column: String,
        /// What its text must be.
        is: TextTest,
    },
    /// A column of integers.
    Number {
        /// Its name.
        column: String,
        /// The least it may be.
        least: i64,
        /// The most it may be.
        most: i64,
    },
    /// The column has no value in the row.
    Missing(String),
    /// One of the row's attributes.
    Attribute {
        /// Its key.
        key: String,
        /// What its value must be.
        is: ValueTest,
    },
    /// One of the attributes of the row's resource.
    Resource {
        /// Its key.
        key: String,
        /// What its value must be.
        is: ValueTest,
    },
    /// The text of a log record's body.
    Body(TextTest),
}

/// What a text must be.
#[derive(Clone, Debug, PartialEq)]
pub enum TextTest {
    /// This one.
    Equals(String),
    /// One of these.
    OneOf(Vec<String>),
    /// One that has this in it.
    Contains(String),
    /// Any.
    Present,
}

/// What a value must be.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueTest {
    /// Anything, even nothing.
    Present,
    /// A text.
    Text(TextTest),
    /// This integer.
    Int(i64),
    /// This float.
    Double(f64),
    /// This truth value.
    Bool(bool),
}

impl TextTest {
    pub(crate) fn accepts(&self, text: &str) -> bool {
        match self {
            Self::Equals(wanted) => text == wanted,
            Self::OneOf(wanted) => wanted.iter().any(|wanted| text == wanted),
            Self::Contains(part) => memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some(),
            Self::Present => true,
        }
    }

    /// All texts that it accepts, if they are few.
    pub(crate) fn wanted(&self) -> Option<&[String]> {
        match self {
            Self::Equals(wanted) => Some(std::slice::from_ref(wanted)),
            Self::OneOf(wanted) => Some(wanted),
            Self::Contains(_) | Self::Present => None,
        }
    }
}

impl Predicate {
    /// Adds a condition.
    pub fn and(mut self, condition: Condition) -> Self {
        let condition = match condition {
            // Attributes that have a column are not looked for in the map.
            Condition::Attribute {
                key,
                is: ValueTest::Text(is),
            } => match column_of(&key) {
                Some(column) => Condition::Text {
                    column: column.to_owned(),
                    is,
                },
                None => Condition::Attribute {
                    key,
                    is: ValueTest::Text(is),
                },
            },
            other => other,
        };
        self.conditions.push(condition);
        self
    }

    /// The row's time is in this range.
    pub fn within(self, time: Range<UnixNanos>) -> Self {
        self.and(Condition::Time(time))
    }

    /// The row is of this trace.
    pub fn trace(self, trace_id: TraceId) -> Self {
        self.and(Condition::Trace(trace_id))
    }

    /// The column of texts has this one.
    pub fn text(self, column: &str, text: &str) -> Self {
        let (column, is) = (column.to_owned(), TextTest::Equals(text.to_owned()));
        self.and(Condition::Text { column, is })
    }

    /// The column of integers has this one.
    pub fn number(self, column: &str, number: i64) -> Self {
        let column = column.to_owned();
        self.and(Condition::Number {
            column,
            least: number,
            most: number,
        })
    }

    /// The column of integers has at least this one.
    pub fn at_least(self, column: &str, least: i64) -> Self {
        let column = column.to_owned();
        self.and(Condition::Number {
            column,
            least,
            most: i64::MAX,
        })
    }

    /// The column of integers has at most this one.
    pub fn at_most(self, column: &str, most: i64) -> Self {
        let column = column.to_owned();
        self.and(Condition::Number {
            column,
            least: i64::MIN,
            most,
        })
    }

    /// The row has an attribute with this text.
    pub fn attribute(self, key: &str, text: &str) -> Self {
        let is = ValueTest::Text(TextTest::Equals(text.to_owned()));
        self.and(Condition::Attribute {
            key: key.to_owned(),
            is,
        })
    }

    /// An error that names a column that there is not, or that has values of another type.
    pub(crate) fn check(&self, signal: Signal) -> Result<(), StoreError> {
        let schema = schema_of(signal);
        for condition in &self.conditions {
            let (column, is_fit): (&str, fn(&DataType) -> bool) = match condition {
                Condition::Text { column, .. } => (column, is_text),
                Condition::Number { column, .. } => {
                    (column, |found| matches!(found, DataType::Int32 | DataType::Int64))
                }
                Condition::Missing(column) => (column, |_| true),
                Condition::Trace(_) => (name::TRACE_ID, |_| true),
                Condition::Body(_) => (name::BODY, |_| true),
                Condition::Time(_) | Condition::Attribute { .. } | Condition::Resource { .. } => continue,
            };
            let field = schema
                .field_with_name(column)
                .map_err(|_| no_column(&schema, column))?;
            if !is_fit(field.data_type()) {
                let message = format!(
                    "column {column} has values of another type: {}",
                    field.data_type()
                );
                return Err(StoreError::new(StoreErrorKind::Invalid, message));
            }
        }
        Ok(())
    }

    /// The range of times that it leaves.
    pub(crate) fn time(&self) -> Range<i64> {
        let mut left = i64::MIN..i64::MAX;
        for condition in &self.conditions {
            if let Condition::Time(range) = condition {
                left.start = left.start.max(i64::try_from(range.start.0).unwrap_or(i64::MAX));
                left.end = left.end.min(i64::try_from(range.end.0).unwrap_or(i64::MAX));
            }
        }
        left
    }
}

fn is_text(found: &DataType) -> bool {
    matches!(found, DataType::Dictionary(_, values) if **values == DataType::Utf8)
}

fn column_of(key: &str) -> Option<&'static str> {
    let found = STANDARD.iter().find(|(standard, _)| *standard == key);
    found.map(|(_, column)| *column)
}
