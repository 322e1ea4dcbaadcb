//! Values of any type: a struct with a field a type.

use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Float64Array, Int64Array, StringArray, StructArray,
};

use super::IN_COLUMN;
use super::sheet::Sheet;
use crate::error::StoreError;
use crate::visitor::Any;

/// Builds values.
#[derive(Debug, Default)]
pub(super) struct Values {
    text: StringBuilder,
    int: Int64Builder,
    double: Float64Builder,
    bool: BooleanBuilder,
    other: BinaryBuilder,
}

/// A value as it is stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stored<'a> {
    /// None was sent.
    Absent,
    /// It is in the column of its key.
    InColumn,
    /// This one.
    Any(Any<'a>),
}

impl Values {
    #[inline]
    pub(super) fn push(&mut self, value: Stored<'_>) {
        let (mut text, mut int, mut double, mut bool, mut other) = (None, None, None, None, None);
        match value {
            Stored::Absent => {}
            Stored::InColumn => other = Some(IN_COLUMN),
            Stored::Any(Any::Text(value)) => text = Some(value),
            Stored::Any(Any::Int(value)) => int = Some(value),
            Stored::Any(Any::Double(value)) => double = Some(value),
            Stored::Any(Any::Bool(value)) => bool = Some(value),
            Stored::Any(Any::Other(value)) => other = Some(value),
        }
        self.text.append_option(text);
        self.int.append_option(int);
        self.double.append_option(double);
        self.bool.append_option(bool);
        self.other.append_option(other);
    }

    pub(super) fn finish(mut self) -> Result<StructArray, StoreError> {
        let mut sheet = Sheet::default();
        sheet.put_nullable("text", Arc::new(self.text.finish()));
        sheet.put_nullable("int", Arc::new(self.int.finish()));
        sheet.put_nullable("double", Arc::new(self.double.finish()));
        sheet.put_nullable("bool", Arc::new(self.bool.finish()));
        sheet.put_nullable("other", Arc::new(self.other.finish()));
        let (fields, arrays) = sheet.parts();
        Ok(StructArray::try_new(fields.into(), arrays, None)?)
    }
}

/// Reads values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValuesColumn<'a> {
    text: &'a StringArray,
    int: &'a Int64Array,
    double: &'a Float64Array,
    bool: &'a BooleanArray,
    other: &'a BinaryArray,
}

impl<'a> ValuesColumn<'a> {
    pub(crate) fn of(array: &'a dyn Array) -> Option<Self> {
        let fields = array.as_any().downcast_ref::<StructArray>()?;
        Some(Self {
            text: part(fields.column_by_name("text"))?,
            int: part(fields.column_by_name("int"))?,
            double: part(fields.column_by_name("double"))?,
            bool: part(fields.column_by_name("bool"))?,
            other: part(fields.column_by_name("other"))?,
        })
    }

    pub(crate) fn get(&self, at: usize) -> Stored<'a> {
        if self.text.is_valid(at) {
            Stored::Any(Any::Text(self.text.value(at)))
        } else if self.int.is_valid(at) {
            Stored::Any(Any::Int(self.int.value(at)))
        } else if self.double.is_valid(at) {
            Stored::Any(Any::Double(self.double.value(at)))
        } else if self.bool.is_valid(at) {
            Stored::Any(Any::Bool(self.bool.value(at)))
        } else if !self.other.is_valid(at) {
            Stored::Absent
        } else if self.other.value(at) == IN_COLUMN {
            Stored::InColumn
        } else {
            Stored::Any(Any::Other(self.other.value(at)))
        }
    }

    /// The text, if it is one; cheaper than asking for any value.
    #[inline]
    pub(crate) fn text(&self, at: usize) -> Option<&'a str> {
        self.text.is_valid(at).then(|| self.text.value(at))
    }
}

fn part<T: 'static>(array: Option<&ArrayRef>) -> Option<&T> {
    array?.as_any().downcast_ref()
}
