//! Generated code that puts a value into an attribute of a span.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::field::{Field, Form};

/// The variables of generated code. The user's code does not see them.
pub(crate) fn variable(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// Records what a field says.
pub(crate) fn of_field(telensic: &Path, field: &Field, span: &Ident) -> TokenStream {
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
pub(crate) fn any(telensic: &Path, key: &str, value: &TokenStream, span: &Ident, place: Span) -> TokenStream {
    let key = constant(telensic, key);
    let place = Span::call_site().located_at(place);
    let record = quote_spanned!(place=> record(&mut #span, #key));
    quote! {{
        use #telensic::__private::{OrBorrowed as _, OrCopied as _, OrDebug as _, OrKnown as _};
        (&&&&#telensic::__private::Given(#value)).#record;
    }}
}

/// A key that is classified at compile time.
fn constant(telensic: &Path, key: &str) -> TokenStream {
    quote!(const { #telensic::Key::new(#key) })
}
