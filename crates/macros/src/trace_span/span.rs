//! Generated code that starts the span and says of it what is known before the function runs.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::arguments::recorded;
use super::options::{Options, Parent};
use crate::function::Function;
use crate::record::{any, of_field, variable};

/// `let span = ...;`, started and described.
pub(super) fn started(options: &Options, function: &Function) -> TokenStream {
    let telensic = &options.telensic;
    let span = variable("span");
    let started = start(options, function);
    let attributes = attributes(options, function, &span);
    if attributes.is_empty() {
        return quote!(let #span = #started;);
    }
    quote! {
        let mut #span = #started;
        if #telensic::Span::is_recording(&#span) {
            #attributes
        }
    }
}

fn start(options: &Options, function: &Function) -> TokenStream {
    let telensic = &options.telensic;
    let signature = &function.signature;
    let known = options.name.known(&signature.ident);
    let of_fields = options.fields.iter().map(|field| field.key.clone());
    let of_arguments = recorded(options, signature)
        .into_iter()
        .filter(|_| options.args)
        .map(|name| name.unraw().to_string());
    let keys = of_fields.chain(of_arguments);
    let site = quote!(const { #telensic::__private::Site::new(#known, &[#(#keys),*]) });
    let kind = options
        .kind
        .as_ref()
        .map(|kind| quote!(.kind(#telensic::SpanKind::#kind)));
    let scope = options.scope.as_ref().map(|scope| quote!(.scope(#scope)));
    let parent = match &options.parent {
        Parent::Current => None,
        Parent::Of(context) => Some(quote_spanned!(context.span()=> .parent(&(#context)))),
        Parent::Nothing => Some(quote!(.root())),
    };
    let start = quote!(#telensic::__private::Start::new() #kind #scope #parent);
    match options.name.format() {
        Some(format) => quote!(#site.start_as(#format, #start)),
        None => quote!(#site.start(#known, #start)),
    }
}

fn attributes(options: &Options, function: &Function, span: &Ident) -> TokenStream {
    let telensic = &options.telensic;
    let mut attributes = TokenStream::new();
    for field in &options.fields {
        attributes.extend(of_field(telensic, field, span));
    }
    if options.args {
        for name in recorded(options, &function.signature) {
            let key = name.unraw().to_string();
            let value = quote_spanned!(name.span()=> &#name);
            attributes.extend(any(telensic, &key, &value, span, name.span()));
        }
    }
    attributes
}
