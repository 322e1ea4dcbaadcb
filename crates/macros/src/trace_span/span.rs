//! Generated code that starts the span and says of it what is known before the function runs.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::arguments::recorded;
use super::field::{Field, Form};
use super::function::Function;
use super::options::{Options, Parent};

/// The variables of generated code. The user's code does not see them.
pub(super) fn variable(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

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

fn of_field(telensic: &syn::Path, field: &Field, span: &Ident) -> TokenStream {
    let Field { key, value, .. } = field;
    let key = constant(telensic, key);
    let format = match field.form {
        Form::Display => "{}",
        Form::Debug => "{:?}",
        Form::Value => {
            let place = Span::call_site().located_at(value.span());
            let record = quote_spanned!(place=> record(&mut #span, #key));
            return quote! {{
                use #telensic::__private::{OrBorrowed as _, OrCopied as _, OrKnown as _, OrRefused as _};
                (&&&&#telensic::__private::Given(&(#value))).#record;
            }};
        }
    };
    quote! {
        #telensic::__private::Say::set_text(&mut #span, #key, ::core::format_args!(#format, #value));
    }
}

/// Records a value of any type that has at least a `Debug` form.
pub(super) fn any(
    telensic: &syn::Path,
    key: &str,
    value: &TokenStream,
    span: &Ident,
    place: Span,
) -> TokenStream {
    let key = constant(telensic, key);
    let place = Span::call_site().located_at(place);
    let record = quote_spanned!(place=> record(&mut #span, #key));
    quote! {{
        use #telensic::__private::{OrBorrowed as _, OrCopied as _, OrDebug as _, OrKnown as _};
        (&&&&#telensic::__private::Given(#value)).#record;
    }}
}

/// A key that is classified at compile time.
fn constant(telensic: &syn::Path, key: &str) -> TokenStream {
    quote!(const { #telensic::Key::new(#key) })
}
