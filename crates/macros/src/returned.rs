//! What a function returns, as a type.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{ReturnType, Type, parse_quote};

/// The type that a signature says is returned.
pub(crate) fn returned(output: &ReturnType) -> Type {
    match output {
        ReturnType::Default => parse_quote!(()),
        ReturnType::Type(_, returned) => returned.as_ref().clone(),
    }
}

/// The type as it may be written within a function: what is hidden by `impl` is left to the compiler.
pub(crate) fn nameable(returned: &Type) -> Type {
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
pub(crate) fn hint(returned: &Type) -> TokenStream {
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
