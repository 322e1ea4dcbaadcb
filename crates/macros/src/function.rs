//! The function below the attribute. Its body stays tokens, so that an error in it is reported as without the attribute.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::token::Brace;
use syn::{Attribute, Signature, Token, Visibility, braced};

use super::error::at;

/// A function or a method with a body.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    brace: Brace,
    /// The attributes at the beginning of the body.
    inner: Vec<Attribute>,
    /// What is between its braces, without those attributes.
    statements: TokenStream,
}

impl Function {
    /// The body as one block, whose braces are the user's.
    pub(crate) fn block(&self) -> TokenStream {
        let mut block = TokenStream::new();
        self.brace
            .surround(&mut block, |tokens| self.statements.to_tokens(tokens));
        block
    }

    /// What is between its braces, but for attributes.
    pub(crate) fn statements(&self) -> &TokenStream {
        &self.statements
    }

    /// The function with another body.
    pub(crate) fn with_body(&self, body: TokenStream) -> TokenStream {
        let Self {
            attributes,
            visibility,
            signature,
            inner,
            ..
        } = self;
        let mut function = quote!(#(#attributes)* #visibility #signature);
        self.brace.surround(&mut function, |tokens| {
            for attribute in inner {
                attribute.to_tokens(tokens);
            }
            body.to_tokens(tokens);
        });
        function
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        if !is_function(input) {
            return Err(at(
                input.span(),
                "`#[trace_span]` goes on a function or a method; put it on each method of an `impl` or a trait",
            ));
        }
        let signature: Signature = input.parse()?;
        if let Some(constant) = &signature.constness {
            return Err(at(
                constant.span,
                "a `const fn` cannot be traced, for it may run at compile time: remove `const` or `#[trace_span]`",
            ));
        }
        if input.peek(Token![;]) {
            return Err(at(
                input.span(),
                "`#[trace_span]` needs a body: put it on the method of each `impl`, or give this one a default body",
            ));
        }
        let content;
        let brace = braced!(content in input);
        Ok(Self {
            attributes,
            visibility,
            signature,
            brace,
            inner: content.call(Attribute::parse_inner)?,
            statements: content.parse()?,
        })
    }
}

/// Whether this is a function with a body that runs when the program does.
pub(crate) fn runs(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let is_preceded = ahead.call(Attribute::parse_outer).is_ok() && ahead.parse::<Visibility>().is_ok();
    is_preceded
        && is_function(&ahead)
        && ahead
            .parse::<Signature>()
            .is_ok_and(|signature| signature.constness.is_none() && ahead.peek(Brace))
}

/// Whether a function's signature begins here.
fn is_function(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let is_constant = ahead
        .parse::<Option<Token![const]>>()
        .is_ok_and(|token| token.is_some());
    let is_named = is_constant && ahead.peek(syn::Ident);
    !is_named
        && (ahead.peek(Token![fn])
            || ahead.peek(Token![async])
            || ahead.peek(Token![unsafe]) && !ahead.peek2(Token![impl]) && !ahead.peek2(Token![trait])
            || ahead.peek(Token![extern]) && !ahead.peek2(Token![crate]))
}
