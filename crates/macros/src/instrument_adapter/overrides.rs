//! What `#[adapter(...)]` on a method says of that method.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, LitStr, Meta};

use crate::error::at;
use crate::field::Field;
use crate::option::{self, assigned};

/// The method is instrumented, whether it is public or not, but for `skip`.
#[derive(Default)]
pub(super) struct Overrides {
    /// Where it is written that the method is left as it is.
    pub(super) skip: Option<Span>,
    /// The operation's name, if it is not the method's.
    pub(super) name: Option<LitStr>,
    /// What is recorded of the call.
    pub(super) fields: Vec<Field>,
}

/// All options, in the order in which errors name them.
const KNOWN: [&str; 3] = ["name", "fields", "skip"];

/// Whether this is the attribute that says so.
pub(super) fn is_ours(attribute: &Attribute) -> bool {
    attribute.path().is_ident("adapter")
}

impl Overrides {
    /// What these attributes say, which are taken out; `None` if none of them is ours.
    pub(super) fn take(attributes: &mut Vec<Attribute>) -> syn::Result<Option<Self>> {
        let (ours, others) = attributes.drain(..).partition(is_ours);
        *attributes = others;
        let ours: Vec<Attribute> = ours;
        match ours.as_slice() {
            [] => Ok(None),
            [one] => Self::of(one).map(Some),
            [_, second, ..] => Err(at(second.span(), "`#[adapter]` is given twice")),
        }
    }

    fn of(attribute: &Attribute) -> syn::Result<Self> {
        match &attribute.meta {
            Meta::Path(_) => Ok(Self::default()),
            Meta::List(_) => attribute.parse_args(),
            Meta::NameValue(_) => Err(at(
                attribute.span(),
                "write `#[adapter(name = \"...\")]`, `#[adapter(fields(symbol))]` or `#[adapter(skip)]`",
            )),
        }
    }

    fn parse_option(&mut self, word: &str, place: Span, input: ParseStream<'_>) -> syn::Result<()> {
        match word {
            "name" => {
                let name: LitStr = assigned(place, input, "name = \"candles\"")?;
                if name.value().is_empty() {
                    return Err(at(name.span(), "the operation's name must not be empty"));
                }
                self.name = Some(name);
            }
            "fields" => self.fields = option::fields(place, input)?,
            "skip" => self.skip = Some(place),
            _ => return Err(option::unknown(word, place, &KNOWN)),
        }
        Ok(())
    }
}

impl Parse for Overrides {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut overrides = Self::default();
        option::each(input, &KNOWN, Vec::new(), |word, place| {
            overrides.parse_option(word, place, input)
        })?;
        match overrides.skip {
            Some(place) if overrides.name.is_some() || !overrides.fields.is_empty() => {
                Err(at(place, "a method that is skipped has no name and no fields"))
            }
            _ => Ok(overrides),
        }
    }
}
