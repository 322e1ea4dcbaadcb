//! What is recorded of what the function returns: generated code that says of the span how it went.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use super::options::{Err, Options};
use crate::body::Watch;
use crate::record::{any, variable};

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

    /// Says of the span what the output is; nothing if nobody looks at it.
    pub(super) fn watch(&self, telensic: &syn::Path) -> Option<Watch> {
        if self.err.is_none() && self.ret.is_none() {
            return None;
        }
        let [span, recording] = ["span", "recording"].map(variable);
        let note = self.note(telensic);
        Some(Watch {
            before: quote!(let #recording = #telensic::Span::is_recording(&#span);),
            begun: TokenStream::new(),
            note: quote!(if #recording { #note }),
        })
    }

    fn note(&self, telensic: &syn::Path) -> TokenStream {
        let [span, output] = ["entered", "output"].map(variable);
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
            let record = any(telensic, "return", &quote!(value), &span, place);
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

/// Whether the type's name ends as those of results do.
fn is_called_result(returned: &Type) -> bool {
    let Type::Path(path) = returned else { return false };
    let last = path.path.segments.last();
    last.is_some_and(|segment| segment.ident.to_string().ends_with("Result"))
}
