//! Generated code around one method: its span, its metrics, and how it ended.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Path, Type};

use super::options::{Options, Provider};
use super::overrides::Overrides;
use crate::body::{Around, Watch};
use crate::function::Function;
use crate::record::{of_field, variable};

/// What the names of the spans begin with.
const PREFIX: &str = "adapter.";

/// A method that is instrumented.
pub(super) struct Call<'a> {
    pub(super) options: &'a Options,
    pub(super) function: &'a Function,
    pub(super) overrides: &'a Overrides,
}

impl Call<'_> {
    fn name(&self) -> String {
        match &self.overrides.name {
            Some(name) => name.value(),
            None => self.function.signature.ident.unraw().to_string(),
        }
    }
}

impl Around for Call<'_> {
    fn telensic(&self) -> &Path {
        &self.options.telensic
    }

    fn started(&self) -> TokenStream {
        let telensic = &self.options.telensic;
        let [operation, span] = ["operation", "span"].map(variable);
        let provider = &self.options.provider;
        let name = self.name();
        let spans = format!("{PREFIX}{name}");
        // In a block of its own, since the names of items are seen by the user's code.
        let looked_up = quote! {
            let #operation = {
                static OPERATION: #telensic::__adapter::Operation =
                    #telensic::__adapter::Operation::new(#provider, #name, #spans);
                &OPERATION
            };
        };
        let fields = self.overrides.fields.iter();
        let attributes: TokenStream = fields.map(|field| of_field(telensic, field, &span)).collect();
        if attributes.is_empty() {
            return quote!(#looked_up let #span = #operation.start(););
        }
        quote! {
            #looked_up
            let mut #span = #operation.start();
            if #telensic::Span::is_recording(&#span) {
                #attributes
            }
        }
    }

    fn watch(&self, _: &Type) -> Option<Watch> {
        let telensic = &self.options.telensic;
        let [operation, call, entered, output] = ["operation", "call", "entered", "output"].map(variable);
        Some(Watch {
            before: TokenStream::new(),
            begun: quote!(let #call = #operation.begin();),
            note: quote! {{
                use #telensic::__private::{OfAny as _, OfResult as _};
                match (&&#telensic::__private::Outcome(&#output)).error() {
                    ::core::option::Option::None => #call.succeed(&mut #entered),
                    ::core::option::Option::Some(error) => {
                        use #telensic::__adapter::{
                            ClassifiesItself as _, DerefsToWhatDoes as _, IsAnError as _, IsAnything as _,
                        };
                        use #telensic::__private::{
                            ThatDerefs as _, ThatIsAnError as _, ThatIsAnything as _, ThatIsDebug as _,
                            ThatSpeaks as _,
                        };
                        (&&&&&#telensic::__private::Failure(error)).note(&mut #entered);
                        #call.fail(&mut #entered, || (&&&&#telensic::__adapter::Failing(error)).class());
                    }
                }
            }},
        })
    }
}

impl ToTokens for Provider {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Name(name) => name.to_tokens(tokens),
            Self::Constant(path) => path.to_tokens(tokens),
        }
    }
}
