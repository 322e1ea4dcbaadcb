//! The `impl` with its methods instrumented.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{ReturnType, Type};

use super::block::{Block, Member, without_overrides};
use super::call::Call;
use super::options::Options;
use super::overrides::Overrides;
use crate::body;
use crate::error::at;
use crate::function::Function;

/// The `impl` with its methods instrumented, or as it was and an error: then the rest of the program has none of its own.
pub(crate) fn instrument_adapter(options: TokenStream, item: TokenStream) -> TokenStream {
    expand(options, item.clone()).unwrap_or_else(|error| {
        let mut tokens = error.into_compile_error();
        without_overrides(item).to_tokens(&mut tokens);
        tokens
    })
}

fn expand(options: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let options: Options = syn::parse2(options)?;
    let block = Block::parse(item)?;
    let (mut members, mut instrumented) = (TokenStream::new(), 0);
    for member in &block.members {
        match member {
            Member::Other(tokens) => tokens.to_tokens(&mut members),
            Member::Method(function, overrides) => {
                match wanted(function, overrides.as_ref(), block.is_of_trait) {
                    Some(overrides) => {
                        instrumented += 1;
                        members.extend(method(&options, function, overrides));
                    }
                    None => members.extend(function.with_body(function.statements().clone())),
                }
            }
        }
    }
    if instrumented == 0 {
        return Err(at(
            block.place(),
            "there is no method to instrument here: those that are `pub` and take `self` are, and those marked `#[adapter]`",
        ));
    }
    Ok(block.with_members(members))
}

/// What is said of a method that is to be instrumented.
fn wanted<'a>(
    function: &Function,
    overrides: Option<&'a Overrides>,
    is_of_trait: bool,
) -> Option<&'a Overrides> {
    const NOTHING: &Overrides = &Overrides {
        skip: None,
        name: None,
        fields: Vec::new(),
    };
    let never_returns = matches!(&function.signature.output, ReturnType::Type(_, returned) if matches!(**returned, Type::Never(_)));
    match overrides {
        Some(overrides) => Some(overrides).filter(|overrides| overrides.skip.is_none()),
        None => (Member::is_open(function, is_of_trait) && !never_returns).then_some(NOTHING),
    }
}

fn method(options: &Options, function: &Function, overrides: &Overrides) -> TokenStream {
    let call = Call {
        options,
        function,
        overrides,
    };
    function.with_body(body::of(&call, function))
}
