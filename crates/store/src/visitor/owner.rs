//! What records of one resource and scope share, and the walk from the request down to them.

use std::borrow::Cow;

use telensic_run::names::key;
use telensic_tape::otlp::{FieldValue, Fields, field};

use super::any::Any;
use super::pairs::Pairs;
use super::refusal::Refusal;
use super::wire::{bytes, text};

const OWNER: u32 = 1;
const MEMBERS: u32 = 2;
const SCHEMA_URL: u32 = 3;

/// The resource and the scope of a record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owner<'a> {
    /// The encoded `Resource`, if one was sent.
    pub(crate) resource: Option<Cow<'a, [u8]>>,
    pub(crate) resource_url: &'a str,
    /// The encoded `InstrumentationScope`, if one was sent.
    pub(crate) scope: Option<Cow<'a, [u8]>>,
    pub(crate) scope_url: &'a str,
    /// What the resource says of itself.
    pub(crate) service: &'a str,
    pub(crate) host: &'a str,
    pub(crate) run_id: &'a str,
    pub(crate) scope_name: &'a str,
}

/// Walks the records of a request.
pub(crate) fn each_record<'a>(
    request: &'a [u8],
    mut record: impl FnMut(&Owner<'a>, &'a [u8]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    for resources in members(request, OWNER) {
        let resources = resources?;
        let mut owner = Owner::default();
        (owner.resource, owner.resource_url) = head(resources)?;
        read_resource(resources, &mut owner)?;
        for scopes in members(resources, MEMBERS) {
            let scopes = scopes?;
            (owner.scope, owner.scope_url) = head(scopes)?;
            owner.scope_name = read_scope(scopes)?;
            for member in members(scopes, MEMBERS) {
                record(&owner, member?)?;
            }
        }
    }
    Ok(())
}

/// The messages in the fields of this number.
fn members(message: &[u8], number: u32) -> impl Iterator<Item = Result<&[u8], Refusal>> {
    Fields::new(message).filter_map(move |field| match field {
        Ok((found, value)) if found == number => Some(bytes(value)),
        Ok(_) => None,
        Err(malformed) => Some(Err(malformed.into())),
    })
}

/// An encoded resource or scope, if there is one, and its schema's URL.
type Head<'a> = (Option<Cow<'a, [u8]>>, &'a str);

/// Resource or scope, and the schema's URL; the latter follows behind the records.
fn head(message: &[u8]) -> Result<Head<'_>, Refusal> {
    let (mut owner, mut url) = (None::<Cow<'_, [u8]>>, "");
    for field in Fields::new(message) {
        match field? {
            (OWNER, value) => {
                let piece = bytes(value)?;
                // A message that comes in pieces means all of them together.
                owner = Some(match owner {
                    None => Cow::Borrowed(piece),
                    Some(before) => Cow::Owned([before.as_ref(), piece].concat()),
                });
            }
            (MEMBERS, FieldValue::Len(_)) => {}
            (MEMBERS, _) => return Err(Refusal::Malformed),
            (SCHEMA_URL, value) => url = text(value)?,
            _ => {}
        }
    }
    Ok((owner, url))
}

/// Checks the resource and notes what it says of itself.
fn read_resource<'a>(resources: &'a [u8], owner: &mut Owner<'a>) -> Result<(), Refusal> {
    let mut pairs = Pairs::default();
    for resource in members(resources, OWNER) {
        for attribute in members(resource?, field::resource::ATTRIBUTE) {
            pairs.push(attribute?)?;
        }
    }
    for pair in pairs.get(&(0..pairs.len())) {
        let Some(Any::Text(value)) = pair.value else {
            continue;
        };
        match pair.key {
            key::SERVICE_NAME => owner.service = value,
            "host.name" => owner.host = value,
            key::RUN_ID => owner.run_id = value,
            _ => {}
        }
    }
    Ok(())
}

/// Checks the scope; its name.
fn read_scope(scopes: &[u8]) -> Result<&str, Refusal> {
    let mut name = "";
    let mut pairs = Pairs::default();
    for scope in members(scopes, OWNER) {
        for field in Fields::new(scope?) {
            match field? {
                (field::scope::NAME, value) => name = text(value)?,
                (field::scope::VERSION, value) => drop(text(value)?),
                (field::scope::ATTRIBUTE, value) => pairs.push(bytes(value)?)?,
                _ => {}
            }
        }
    }
    Ok(name)
}
