//! The `impl` below the attribute: its methods with bodies of tokens, all else as it is written.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, ImplItem, ItemImpl, Visibility};

use super::overrides::{Overrides, is_ours};
use crate::error::at;
use crate::function::{Function, runs};

/// An `impl`, of a trait or not.
pub(super) struct Block {
    /// Without its braces.
    header: TokenStream,
    /// The attributes at the beginning of what is between them.
    inner: Vec<Attribute>,
    pub(super) is_of_trait: bool,
    pub(super) members: Vec<Member>,
    braces: proc_macro2::Group,
}

/// What is in it.
pub(super) enum Member {
    Method(Box<Function>, Option<Overrides>),
    Other(TokenStream),
}

impl Block {
    pub(super) fn parse(item: TokenStream) -> syn::Result<Self> {
        let place = first_span(&item);
        let wrong = || {
            at(
                place,
                "`#[instrument_adapter]` goes on an `impl`, whose methods it instruments",
            )
        };
        let mut tokens: Vec<TokenTree> = item.into_iter().collect();
        let Some(TokenTree::Group(braces)) = tokens.pop() else {
            return Err(wrong());
        };
        let header: TokenStream = tokens.into_iter().collect();
        if braces.delimiter() != Delimiter::Brace || !is_impl(&header) {
            return Err(wrong());
        }
        let empty: ItemImpl = syn::parse2(quote!(#header {}))?;
        let content = |input: ParseStream<'_>| {
            let inner = input.call(Attribute::parse_inner)?;
            let mut members = Vec::new();
            while !input.is_empty() {
                members.push(input.parse()?);
            }
            Ok((inner, members))
        };
        let (inner, members) = content.parse2(braces.stream())?;
        Ok(Self {
            header,
            inner,
            is_of_trait: empty.trait_.is_some(),
            members,
            braces,
        })
    }

    /// Its first token, for errors about the whole.
    pub(super) fn place(&self) -> proc_macro2::Span {
        first_span(&self.header)
    }

    /// The same `impl` with these members.
    pub(super) fn with_members(&self, members: TokenStream) -> TokenStream {
        let inner = &self.inner;
        let mut braces = proc_macro2::Group::new(Delimiter::Brace, quote!(#(#inner)* #members));
        braces.set_span(self.braces.span());
        let mut block = self.header.clone();
        braces.to_tokens(&mut block);
        block
    }
}

impl Member {
    /// Whether it is instrumented if nothing is said of it: if it is a method that others can call.
    pub(super) fn is_open(function: &Function, is_of_trait: bool) -> bool {
        let is_public = is_of_trait || !matches!(function.visibility, Visibility::Inherited);
        is_public && function.signature.receiver().is_some()
    }
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if runs(input) {
            let mut function: Function = input.parse()?;
            let overrides = Overrides::take(&mut function.attributes)?;
            return Ok(Self::Method(Box::new(function), overrides));
        }
        let ahead = input.fork();
        let attributes = ahead.call(Attribute::parse_outer)?;
        if let Some(ours) = attributes.iter().find(|attribute| is_ours(attribute)) {
            return Err(at(
                ours.pound_token.spans[0],
                "`#[adapter]` goes on a method that has a body and is not `const`",
            ));
        }
        let item: ImplItem = input.parse()?;
        Ok(Self::Other(item.into_token_stream()))
    }
}

/// The item as the compiler may see it when the attribute is wrong: without the attributes that only this one knows.
pub(super) fn without_overrides(item: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    for token in item {
        match token {
            TokenTree::Group(group) if is_override(&group) && ends_in_pound(&kept) => {
                kept.pop();
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let mut inner = proc_macro2::Group::new(Delimiter::Brace, without_overrides(group.stream()));
                inner.set_span(group.span());
                kept.push(TokenTree::Group(inner));
            }
            token => kept.push(token),
        }
    }
    kept.into_iter().collect()
}

fn is_override(group: &proc_macro2::Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(name)) if name == "adapter")
}

fn ends_in_pound(tokens: &[TokenTree]) -> bool {
    matches!(tokens.last(), Some(TokenTree::Punct(mark)) if mark.as_char() == '#')
}

/// Whether this begins an `impl`.
fn is_impl(header: &TokenStream) -> bool {
    let begins = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        let mut words = input.parse::<TokenStream>()?.into_iter().take(2);
        Ok(words.any(|word| matches!(word, TokenTree::Ident(name) if name == "impl")))
    };
    begins.parse2(header.clone()).unwrap_or(false)
}

fn first_span(tokens: &TokenStream) -> proc_macro2::Span {
    let first = tokens.clone().into_iter().next();
    first.map_or_else(proc_macro2::Span::call_site, |token| token.span())
}
