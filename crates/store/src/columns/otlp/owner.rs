//! Rows under their resources and scopes.

use arrow_array::RecordBatch;
use hashbrown::HashMap;
use telensic_tape::otlp::put_bytes;

use crate::columns::read::{blobs, words};
use crate::columns::words::{BytesColumn, WordsColumn};
use crate::columns::{STANDARD, name};
use crate::error::StoreError;

const OWNER: u32 = 1;
const MEMBER: u32 = 2;
const SCHEMA_URL: u32 = 3;

/// Who a row belongs to: resource or scope, and its schema's URL.
pub(super) type Key = (Option<Vec<u8>>, String);

/// The records of each scope of a resource, joined to one message.
type Scopes = Vec<(Key, Vec<u8>)>;

/// Requests under construction.
#[derive(Debug, Default)]
pub(super) struct Owners {
    resources: Vec<(Key, Scopes)>,
    places: HashMap<(Key, Key), (usize, usize)>,
}

impl Owners {
    /// The records of this resource and scope so far.
    pub(super) fn records(&mut self, columns: &OwnerColumns<'_>, row: usize) -> &mut Vec<u8> {
        let (resource, scope) = columns.keys(row);
        let place = self.places.get(&(resource.clone(), scope.clone())).copied();
        let (at, within) = place.unwrap_or_else(|| self.add(resource, scope));
        &mut self.resources[at].1[within].1
    }

    fn add(&mut self, resource: Key, scope: Key) -> (usize, usize) {
        let known = self.resources.iter().position(|(key, _)| *key == resource);
        let at = known.unwrap_or_else(|| {
            self.resources.push((resource.clone(), Vec::new()));
            self.resources.len() - 1
        });
        let scopes = &mut self.resources[at].1;
        scopes.push((scope.clone(), Vec::new()));
        let place = (at, scopes.len() - 1);
        self.places.insert((resource, scope), place);
        place
    }

    /// The request. A scope's records are those of one scope, so they are joined to one message.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut request = Vec::new();
        for (resource, scopes) in self.resources {
            let mut resources = Vec::new();
            put_owner(&mut resources, &resource);
            for (scope, records) in scopes {
                let mut message = Vec::new();
                put_owner(&mut message, &scope);
                message.extend_from_slice(&records);
                put_bytes(&mut resources, MEMBER, &message);
            }
            put_bytes(&mut request, OWNER, &resources);
        }
        request
    }
}

fn put_owner(out: &mut Vec<u8>, (owner, url): &Key) {
    if let Some(owner) = owner {
        put_bytes(out, OWNER, owner);
    }
    if !url.is_empty() {
        put_bytes(out, SCHEMA_URL, url.as_bytes());
    }
}

/// Appends a record to those of its scope.
pub(super) fn put_record(records: &mut Vec<u8>, record: &[u8]) {
    put_bytes(records, MEMBER, record);
}

/// The columns that say who a row belongs to, and those of its standard attributes.
#[derive(Debug)]
pub(super) struct OwnerColumns<'a> {
    resource: BytesColumn<'a>,
    resource_url: WordsColumn<'a>,
    scope: BytesColumn<'a>,
    scope_url: WordsColumn<'a>,
    pub(super) standard: Vec<WordsColumn<'a>>,
}

impl<'a> OwnerColumns<'a> {
    pub(super) fn of(batch: &'a RecordBatch) -> Result<Self, StoreError> {
        let standard = STANDARD.iter().map(|(_, column)| words(batch, column));
        Ok(Self {
            resource: blobs(batch, name::RESOURCE)?,
            resource_url: words(batch, name::RESOURCE_URL)?,
            scope: blobs(batch, name::SCOPE)?,
            scope_url: words(batch, name::SCOPE_URL)?,
            standard: standard.collect::<Result<_, _>>()?,
        })
    }

    /// Resource and scope of a row.
    pub(super) fn keys(&self, row: usize) -> (Key, Key) {
        let key = |owner: &BytesColumn<'_>, url: &WordsColumn<'_>| {
            (
                owner.get(row).map(<[u8]>::to_vec),
                url.get(row).unwrap_or_default().to_owned(),
            )
        };
        (
            key(&self.resource, &self.resource_url),
            key(&self.scope, &self.scope_url),
        )
    }
}
