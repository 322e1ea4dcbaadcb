//! The new body of a function: the old one, in its span.
//!
//! A body whose value nobody looks at stays where it is, behind a guard. One whose value is looked at becomes a closure
//! that is called at once, for a `return` or `?` leaves no other way to get hold of it. An async body becomes a future
//! in the span.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Block, Path, Token, Type};

use super::function::Function;
use super::future::{Returned, async_block};
use super::record::variable;
use super::returned::{hint, nameable, returned};

/// What an attribute puts around a body.
pub(crate) trait Around {
    /// Where telensic is.
    fn telensic(&self) -> &Path;

    /// `let span = ...;`, started and described.
    fn started(&self) -> TokenStream;

    /// What is done about an output of this type; nothing if nobody looks at it.
    fn watch(&self, returned: &Type) -> Option<Watch>;
}

/// Statements around work whose output is looked at.
pub(crate) struct Watch {
    /// Once `span` is started, before it is entered.
    pub(crate) before: TokenStream,
    /// Within the span, before the work.
    pub(crate) begun: TokenStream,
    /// Within the span, which is called `entered`, when there is an `output`.
    pub(crate) note: TokenStream,
}

/// What stands between the braces of the function.
pub(crate) fn of(around: &impl Around, function: &Function) -> TokenStream {
    let output = returned(&function.signature.output);
    if function.signature.asyncness.is_some() {
        let hint = hint(&output);
        let block = function.block();
        let work = quote!(async move { #hint #block });
        let capture = Some(<Token![move]>::default());
        return awaited(around, around.watch(&output), &work, capture);
    }
    match Returned::of(&function.signature.output) {
        Some(future) => of_future(around, function, &future),
        None => of_value(around, function, around.watch(&output)),
    }
}

/// The body of a function that is not async.
fn of_value(around: &impl Around, function: &Function, watch: Option<Watch>) -> TokenStream {
    let telensic = around.telensic();
    let started = around.started();
    let block = function.block();
    let [span, entered, output] = ["span", "entered", "output"].map(variable);
    let Some(Watch { before, begun, note }) = watch else {
        return quote! {
            #started
            let #entered = #telensic::Span::entered(#span);
            #block
        };
    };
    let nameable = nameable(&returned(&function.signature.output));
    quote! {
        #started
        #before
        let mut #entered = #telensic::Span::entered(#span);
        #begun
        let #output = #telensic::__private::call(move || -> #nameable #block);
        #note
        #output
    }
}

/// Starts the span, and awaits this future in it.
fn awaited(
    around: &impl Around,
    watch: Option<Watch>,
    work: &TokenStream,
    capture: Option<Token![move]>,
) -> TokenStream {
    let started = around.started();
    let in_span = in_span(around, watch, work, capture);
    quote!(#started #in_span.await)
}

/// The future in the span that was started, with what is to be said of its output.
fn in_span(
    around: &impl Around,
    watch: Option<Watch>,
    work: &TokenStream,
    capture: Option<Token![move]>,
) -> TokenStream {
    let telensic = around.telensic();
    let [span, entered, output] = ["span", "entered", "output"].map(variable);
    let Some(Watch { before, begun, note }) = watch else {
        return quote!(#telensic::__private::in_span(#work, #span));
    };
    quote! {{
        #before
        #telensic::__private::in_span(
            async #capture {
                #begun
                let #output = #work.await;
                let mut #entered = #telensic::current();
                #note
                #output
            },
            #span,
        )
    }}
}

/// The body of a function that returns a future: the async block at its end is recorded as an `async fn` is. Without
/// such a block the span begins with the call.
fn of_future(around: &impl Around, function: &Function, future: &Returned) -> TokenStream {
    let parsed = syn::parse2::<Block>(function.block());
    if let Ok(mut block) = parsed
        && let Some(found) = async_block(&mut block)
    {
        // Its statements, not the block itself, whose braces would be said to be superfluous.
        let (capture, statements) = (found.capture, &found.block.stmts);
        let hint = hint(&future.output);
        let work = quote!(async #capture { #hint #(#statements)* });
        let awaited = awaited(around, around.watch(&future.output), &work, capture);
        let replaced: syn::Result<Block> = syn::parse2(quote!({ #awaited }));
        if let Ok(replaced) = replaced {
            found.block = replaced;
            return block.to_token_stream();
        }
    }
    let telensic = around.telensic();
    let started = around.started();
    let [span, scoped, made] = ["span", "scoped", "made"].map(variable);
    let nameable = nameable(&returned(&function.signature.output));
    let block = function.block();
    let capture = Some(<Token![move]>::default());
    let in_span = in_span(around, around.watch(&future.output), &quote!(#made), capture);
    let in_span = match future.is_boxed {
        true => quote!(::std::boxed::Box::pin(#in_span)),
        false => in_span,
    };
    quote! {
        #started
        let mut #scoped = #span;
        let #made = #telensic::Span::in_scope(&mut #scoped, move || -> #nameable #block);
        let #span = #scoped;
        #in_span
    }
}
