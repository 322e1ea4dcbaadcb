//! The columns that rows of every signal have: what the owner says, and the standard attributes.

use telensic_run::names::key;

use super::attributes::Attributes;
use super::name;
use super::sheet::Sheet;
use super::values::Stored;
use super::words::Words;
use crate::error::StoreError;
use crate::visitor::{Any, Owner, Pair};

/// The attributes that have a column when they are texts: key and name of the column.
pub const STANDARD: [(&str, &str); 12] = [
    (key::RUN_ID, name::RUN_ID),
    (key::PROFILE, name::PROFILE),
    (key::STAGE_ID, "stage_id"),
    (key::STEP, "step"),
    (key::PROVIDER, "provider"),
    (key::OPERATION, "operation"),
    (key::OUTCOME, "outcome"),
    (key::OPERATION_ID, "operation_id"),
    (key::OPERATION_TYPE, "operation_type"),
    (key::OPERATION_STATUS, "operation_status"),
    (key::SYMBOL, "symbol"),
    (key::STRATEGY, "strategy"),
];

/// The place of the run among them.
const RUN: usize = 0;

fn standard_place(attribute: &str) -> Option<usize> {
    Some(match attribute {
        key::RUN_ID => RUN,
        key::PROFILE => 1,
        key::STAGE_ID => 2,
        key::STEP => 3,
        key::PROVIDER => 4,
        key::OPERATION => 5,
        key::OUTCOME => 6,
        key::OPERATION_ID => 7,
        key::OPERATION_TYPE => 8,
        key::OPERATION_STATUS => 9,
        key::SYMBOL => 10,
        key::STRATEGY => 11,
        _ => return None,
    })
}

/// Builds the columns that all signals share.
#[derive(Debug, Default)]
pub(super) struct Standard {
    service: Words,
    host: Words,
    standard: [Words; STANDARD.len()],
    scope_name: Words,
    resource: Words,
    resource_url: Words,
    scope: Words,
    scope_url: Words,
    attributes: Attributes,
}

impl Standard {
    pub(super) fn rows(&self) -> usize {
        self.service.len()
    }

    pub(super) fn push_row(&mut self, owner: &Owner<'_>, attributes: &[Pair<'_>]) {
        self.service.push(owner.service.as_bytes());
        self.host.push_unless_empty(owner.host);
        self.scope_name.push(owner.scope_name.as_bytes());
        push_bytes(&mut self.resource, owner.resource.as_deref());
        self.resource_url.push_unless_empty(owner.resource_url);
        push_bytes(&mut self.scope, owner.scope.as_deref());
        self.scope_url.push_unless_empty(owner.scope_url);

        let rows = self.rows();
        for pair in attributes {
            let value = match pair.value {
                None => Stored::Absent,
                Some(Any::Text(text)) => match standard_place(pair.key) {
                    // The first of its key; a second one stays in the map.
                    Some(place) if self.standard[place].len() < rows => {
                        self.standard[place].push(text.as_bytes());
                        Stored::InColumn
                    }
                    _ => Stored::Any(Any::Text(text)),
                },
                Some(any) => Stored::Any(any),
            };
            self.attributes.push(pair.key, value);
        }
        self.attributes.end_row();
        for (place, column) in self.standard.iter_mut().enumerate() {
            if column.len() < rows {
                column.push_unless_empty(if place == RUN { owner.run_id } else { "" });
            }
        }
    }

    pub(super) fn finish(self, sheet: &mut Sheet) -> Result<(), StoreError> {
        sheet.put(name::SERVICE, self.service.finish_text()?);
        sheet.put_nullable(name::HOST, self.host.finish_text()?);
        for ((_, column), words) in STANDARD.iter().zip(self.standard) {
            sheet.put_nullable(column, words.finish_text()?);
        }
        sheet.put(name::SCOPE_NAME, self.scope_name.finish_text()?);
        sheet.put_nullable(name::RESOURCE, self.resource.finish_binary()?);
        sheet.put_nullable(name::RESOURCE_URL, self.resource_url.finish_text()?);
        sheet.put_nullable(name::SCOPE, self.scope.finish_binary()?);
        sheet.put_nullable(name::SCOPE_URL, self.scope_url.finish_text()?);
        sheet.put(name::ATTRIBUTES, self.attributes.finish()?);
        Ok(())
    }
}

fn push_bytes(words: &mut Words, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => words.push(bytes),
        None => words.push_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_key_leads_to_its_own_column() {
        for (place, (key, _)) in STANDARD.iter().enumerate() {
            assert_eq!(standard_place(key), Some(place), "{key}");
        }
    }
}
