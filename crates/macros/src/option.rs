//! How the options of an attribute are written, whichever attribute it is.

use proc_macro2::{Ident, Span};
use syn::Token;
use syn::ext::IdentExt;
use syn::parenthesized;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::token::Paren;

use super::error::{at, did_you_mean};
use super::field::Field;

/// Parses options up to the end, each of which may be there once; those of `seen` are.
pub(crate) fn each(
    input: ParseStream<'_>,
    known: &[&str],
    mut seen: Vec<String>,
    mut parse: impl FnMut(&str, Span) -> syn::Result<()>,
) -> syn::Result<()> {
    while !input.is_empty() {
        let place = input.span();
        let Ok(option) = input.call(Ident::parse_any) else {
            return Err(at(place, format!("expected an option: {}", known.join(", "))));
        };
        let word = option.to_string();
        if seen.contains(&word) {
            return Err(at(place, format!("`{word}` is given twice")));
        }
        parse(&word, place)?;
        seen.push(word);
        comma(input)?;
    }
    Ok(())
}

/// The error of an option that is not there.
pub(crate) fn unknown(word: &str, place: Span, known: &[&str]) -> syn::Error {
    let names: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
    let hint = did_you_mean(word, &names);
    at(
        place,
        format!(
            "there is no option `{word}`{hint} (options: {})",
            known.join(", ")
        ),
    )
}

/// What stands between two options.
pub(crate) fn comma(input: ParseStream<'_>) -> syn::Result<()> {
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(())
}

/// What stands after an option's equals sign.
pub(crate) fn assigned<T: Parse>(place: Span, input: ParseStream<'_>, example: &str) -> syn::Result<T> {
    if !input.peek(Token![=]) {
        return Err(at(place, format!("this needs a value, as in `{example}`")));
    }
    input.parse::<Token![=]>()?;
    input.parse()
}

/// What stands in an option's parentheses.
pub(crate) fn listed<T: Parse>(place: Span, input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    if !input.peek(Paren) {
        return Err(at(place, "this needs a list, as in `fields(rows)`"));
    }
    let content;
    parenthesized!(content in input);
    let items = Punctuated::<T, Token![,]>::parse_terminated(&content)?;
    Ok(items.into_iter().collect())
}

/// Fields, of which no key may be there twice.
pub(crate) fn fields(place: Span, input: ParseStream<'_>) -> syn::Result<Vec<Field>> {
    let fields: Vec<Field> = listed(place, input)?;
    for (position, field) in fields.iter().enumerate() {
        if fields[..position].iter().any(|earlier| earlier.key == field.key) {
            return Err(at(field.place, format!("the key `{}` is given twice", field.key)));
        }
    }
    Ok(fields)
}
