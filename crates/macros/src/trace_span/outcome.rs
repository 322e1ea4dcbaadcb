//! What the function returns, as a type, and generated code that says of the span how it went.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{ReturnType, Type, parse_quote};

use super::options::{Err, Options};
use super::span::any;

/// What is recorded of the returned value.
pub(super) struct Outcome {
    err: Option<Expected>,
    ret: Option<Span>,
}

/// Why an error is looked for.
enum Expected {
    /// The type is called a result; whether it is one, the compiler finds.
    Perhaps,
    /// The user says that it is one.
    Certainly(Span),
}

impl Outcome {
    pub(super) fn of(options: &Options, returned: &Type) -> Self {
        let err = match options.err {
            Err::Always(place) => Some(Expected::Certainly(place)),
            Err::ByType if is_called_result(returned) => Some(Expected::Perhaps),
            Err::ByType | Err::Never => None,
        };
        Self {
            err,
            ret: options.ret,
        }
    }

    /// Whether the returned value is looked at.
    pub(super) fn is_noted(&self) -> bool {
        self.err.is_some() || self.ret.is_some()
    }

    /// Says of `span` what `output` is.
    pub(super) fn note(&self, telensic: &syn::Path, span: &Ident, output: &Ident) -> TokenStream {
        let mut note = TokenStream::new();
        if let Some(expected) = &self.err {
            let error = match expected {
                Expected::Perhaps => quote!((&&#telensic::__private::Outcome(&#output)).error()),
                Expected::Certainly(place) => {
                    let place = Span::call_site().located_at(*place);
                    quote_spanned!(place=> #telensic::__private::error_of(&#output))
                }
            };
            note.extend(quote! {{
                use #telensic::__private::{
                    OfAny as _, OfResult as _, ThatDerefs as _, ThatIsAnError as _, ThatIsAnything as _,
                    ThatIsDebug as _, ThatSpeaks as _,
                };
                if let ::core::option::Option::Some(error) = #error {
                    (&&&&&#telensic::__private::Failure(error)).note(&mut #span);
                }
            }});
        }
        if let Some(place) = self.ret {
            let record = any(telensic, "return", &quote!(value), span, place);
            note.extend(quote! {{
                use #telensic::__private::{OfAny as _, OfResult as _};
                if let ::core::option::Option::Some(value) = (&&#telensic::__private::Outcome(&#output)).value() {
                    #record
                }
            }});
        }
        note
    }
}

/// The type that a signature says is returned.
pub(super) fn returned(output: &ReturnType) -> Type {
    match output {
        ReturnType::Default => parse_quote!(()),
        ReturnType::Type(_, returned) => returned.as_ref().clone(),
    }
}

/// Whether the type's name ends as those of results do.
fn is_called_result(returned: &Type) -> bool {
    let Type::Path(path) = returned else { return false };
    let last = path.path.segments.last();
    last.is_some_and(|segment| segment.ident.to_string().ends_with("Result"))
}

/// The type as it may be written within a function: what is hidden by `impl` is left to the compiler.
pub(super) fn nameable(returned: &Type) -> Type {
    struct Erase;
    impl VisitMut for Erase {
        fn visit_type_mut(&mut self, node: &mut Type) {
            match node {
                Type::ImplTrait(_) => *node = parse_quote!(_),
                _ => syn::visit_mut::visit_type_mut(self, node),
            }
        }
    }
    let mut nameable = returned.clone();
    Erase.visit_type_mut(&mut nameable);
    nameable
}

/// A statement that never runs and tells the compiler the type of an async block, so that an error in it is reported
/// where it is, as in an `async fn`.
pub(super) fn hint(returned: &Type) -> TokenStream {
    if matches!(returned, Type::Never(_)) {
        return TokenStream::new();
    }
    let nameable = nameable(returned);
    let place = Span::mixed_site().located_at(returned.span());
    quote_spanned! {place=>
        if let ::core::option::Option::Some(returned) = ::core::option::Option::None::<#nameable> {
            return returned;
        }
    }
}
