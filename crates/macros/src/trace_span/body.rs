//! The new body of the function: the old one, in its span.
//!
//! A body whose value nobody looks at stays where it is, behind a guard. One whose value is looked at becomes a closure
//! that is called at once, for a `return` or `?` leaves no other way to get hold of it. An async body becomes a future
//! in the span.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Block, Token};

use super::function::Function;
use super::future::{Returned, async_block};
use super::options::Options;
use super::outcome::{Outcome, hint, nameable, returned};
use super::span::{started, variable};

/// What stands between the braces of the function.
pub(super) fn of(options: &Options, function: &Function) -> TokenStream {
    let output = returned(&function.signature.output);
    if function.signature.asyncness.is_some() {
        let hint = hint(&output);
        let block = function.block();
        let outcome = Outcome::of(options, &output);
        let work = quote!(async move { #hint #block });
        return awaited(
            options,
            function,
            &outcome,
            &work,
            Some(<Token![move]>::default()),
        );
    }
    match Returned::of(&function.signature.output) {
        Some(future) => of_future(options, function, &future),
        None => of_value(options, function, &Outcome::of(options, &output)),
    }
}

/// The body of a function that is not async.
fn of_value(options: &Options, function: &Function, outcome: &Outcome) -> TokenStream {
    let telensic = &options.telensic;
    let [span, recording, entered, output] = ["span", "recording", "entered", "output"].map(variable);
    let started = started(options, function);
    let block = function.block();
    if !outcome.is_noted() {
        return quote! {
            #started
            let #entered = #telensic::Span::entered(#span);
            #block
        };
    }
    let nameable = nameable(&returned(&function.signature.output));
    let note = outcome.note(telensic, &entered, &output);
    quote! {
        #started
        let #recording = #telensic::Span::is_recording(&#span);
        let mut #entered = #telensic::Span::entered(#span);
        let #output = #telensic::__private::call(move || -> #nameable #block);
        if #recording {
            #note
        }
        #output
    }
}

/// Starts the span, and awaits this future in it.
fn awaited(
    options: &Options,
    function: &Function,
    outcome: &Outcome,
    work: &TokenStream,
    capture: Option<Token![move]>,
) -> TokenStream {
    let started = started(options, function);
    let in_span = in_span(options, outcome, work, capture);
    quote!(#started #in_span.await)
}

/// The future in the span that was started, with what is to be said of its output.
fn in_span(
    options: &Options,
    outcome: &Outcome,
    work: &TokenStream,
    capture: Option<Token![move]>,
) -> TokenStream {
    let telensic = &options.telensic;
    let [span, recording, current, output] = ["span", "recording", "current", "output"].map(variable);
    if !outcome.is_noted() {
        return quote!(#telensic::__private::in_span(#work, #span));
    }
    let note = outcome.note(telensic, &current, &output);
    quote! {{
        let #recording = #telensic::Span::is_recording(&#span);
        #telensic::__private::in_span(
            async #capture {
                let #output = #work.await;
                if #recording {
                    let mut #current = #telensic::current();
                    #note
                }
                #output
            },
            #span,
        )
    }}
}

/// The body of a function that returns a future: the async block at its end is recorded as an `async fn` is. Without
/// such a block the span begins with the call.
fn of_future(options: &Options, function: &Function, future: &Returned) -> TokenStream {
    let outcome = Outcome::of(options, &future.output);
    let parsed = syn::parse2::<Block>(function.block());
    if let Ok(mut block) = parsed
        && let Some(found) = async_block(&mut block)
    {
        let (capture, inner) = (found.capture, &found.block);
        let hint = hint(&future.output);
        let work = quote!(async #capture { #hint #inner });
        let awaited = awaited(options, function, &outcome, &work, capture);
        let replaced: syn::Result<Block> = syn::parse2(quote!({ #awaited }));
        if let Ok(replaced) = replaced {
            found.block = replaced;
            return block.to_token_stream();
        }
    }
    let telensic = &options.telensic;
    let started = started(options, function);
    let [span, scoped, made] = ["span", "scoped", "made"].map(variable);
    let nameable = nameable(&returned(&function.signature.output));
    let block = function.block();
    let in_span = in_span(options, &outcome, &quote!(#made), Some(<Token![move]>::default()));
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
