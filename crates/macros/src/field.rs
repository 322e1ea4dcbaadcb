//! An attribute of the span: its key, and where its value comes from.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, LitStr, Token};

use super::error::at;

/// `profile`, `config.profile`, `rows = table.len()`, `"http.route" = %route`.
pub(crate) struct Field {
    pub(crate) key: String,
    /// Where the key is written.
    pub(crate) place: Span,
    pub(crate) form: Form,
    pub(crate) value: TokenStream,
}

/// In which form a value is recorded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As what it is.
    Value,
    /// `%`: as text, by `Display`.
    Display,
    /// `?`: as text, by `Debug`.
    Debug,
}

impl Form {
    fn peek(input: ParseStream<'_>) -> bool {
        input.peek(Token![%]) || input.peek(Token![?])
    }
}

impl Parse for Form {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.parse::<Option<Token![%]>>()?.is_some() {
            Ok(Self::Display)
        } else if input.parse::<Option<Token![?]>>()?.is_some() {
            Ok(Self::Debug)
        } else {
            Ok(Self::Value)
        }
    }
}

impl Parse for Field {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let place = input.span();
        if input.peek(LitStr) {
            let key: LitStr = input.parse()?;
            return assigned(input, key.value(), place);
        }
        if Form::peek(input) {
            let form = input.parse()?;
            let place = input.span();
            return Ok(shorthand(&path(input)?, place, form));
        }
        if !input.peek(Ident::peek_any) {
            return Err(at(
                place,
                "expected an argument, or `key = value`, or one of them after `%` (Display) or `?` (Debug)",
            ));
        }
        let path = path(input)?;
        if input.peek(Token![=]) {
            let key: Vec<String> = path.iter().map(|part| part.unraw().to_string()).collect();
            return assigned(input, key.join("."), place);
        }
        Ok(shorthand(&path, place, Form::Value))
    }
}

/// What stands after the key.
fn assigned(input: ParseStream<'_>, key: String, place: Span) -> syn::Result<Field> {
    if key.is_empty() {
        return Err(at(place, "a key must not be empty"));
    }
    if !input.peek(Token![=]) {
        return Err(at(
            place,
            format!("this key has no value: write `\"{key}\" = value`"),
        ));
    }
    input.parse::<Token![=]>()?;
    let form = input.parse()?;
    let value: Expr = input.parse()?;
    Ok(Field {
        key,
        place,
        form,
        value: quote!(#value),
    })
}

/// A value under its own name.
fn shorthand(path: &[Ident], place: Span, form: Form) -> Field {
    let key: Vec<String> = path
        .iter()
        .map(|part| part.unraw().to_string())
        .skip_while(|part| path.len() > 1 && part == "self")
        .collect();
    Field {
        key: key.join("."),
        place,
        form,
        value: quote!(#(#path).*),
    }
}

/// Identifiers with dots between them.
fn path(input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    let mut path = vec![input.call(Ident::parse_any)?];
    while input.parse::<Option<Token![.]>>()?.is_some() {
        path.push(input.call(Ident::parse_any)?);
    }
    Ok(path)
}
