//! The function with its span.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Path, Type};

use super::options::Options;
use super::outcome::Outcome;
use super::{arguments, span};
use crate::body::{self, Around, Watch};
use crate::function::Function;

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
    let traced = Traced {
        options: &options,
        function: &function,
    };
    let body = body::of(&traced, &function);
    Ok(function.with_body(body))
}

/// A function and its attribute.
struct Traced<'a> {
    options: &'a Options,
    function: &'a Function,
}

impl Around for Traced<'_> {
    fn telensic(&self) -> &Path {
        &self.options.telensic
    }

    fn started(&self) -> TokenStream {
        span::started(self.options, self.function)
    }

    fn watch(&self, returned: &Type) -> Option<Watch> {
        Outcome::of(self.options, returned).watch(&self.options.telensic)
    }
}
