//! `#[trace_span]`: what is written in the attribute, the function below it, and the body that comes of both.

mod arguments;
mod body;
mod error;
mod field;
mod function;
mod future;
mod name;
mod options;
mod outcome;
mod span;

use proc_macro2::TokenStream;
use quote::ToTokens;

use function::Function;
use options::Options;

/// The function with its span, or as it was and an error: then the rest of the program has no errors of its own.
pub(crate) fn trace_span(options: TokenStream, item: TokenStream) -> TokenStream {
    expand(options, item.clone()).unwrap_or_else(|error| {
        let mut tokens = error.into_compile_error();
        item.to_tokens(&mut tokens);
        tokens
    })
}

fn expand(options: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let options: Options = syn::parse2(options)?;
    let function: Function = syn::parse2(item)?;
    arguments::check(&options, &function.signature)?;
    let body = body::of(&options, &function);
    Ok(function.with_body(body))
}
