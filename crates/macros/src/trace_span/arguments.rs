//! The arguments of the function, and what the attribute says of them.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::visit_mut::VisitMut;
use syn::{FnArg, PatIdent, Signature};

use super::options::Options;
use crate::error::{at, did_you_mean};

/// The names that the signature binds, but for `self`.
pub(super) fn names(signature: &Signature) -> Vec<Ident> {
    let mut names = Names(Vec::new());
    for argument in &signature.inputs {
        if let FnArg::Typed(typed) = argument {
            names.visit_pat_mut(&mut typed.pat.as_ref().clone());
        }
    }
    names.0
}

/// Every argument that `args` records.
pub(super) fn recorded(options: &Options, signature: &Signature) -> Vec<Ident> {
    let mut recorded = names(signature);
    recorded.retain(|name| {
        let is_skipped = options.skip.contains(name);
        let is_a_field = options.fields.iter().any(|field| name.unraw() == field.key);
        !is_skipped && !is_a_field && !name.to_string().starts_with('_')
    });
    recorded
}

/// Whether what the attribute names is there.
pub(super) fn check(options: &Options, signature: &Signature) -> syn::Result<()> {
    let names = names(signature);
    let known: Vec<String> = names.iter().map(|name| name.unraw().to_string()).collect();
    let unknown = |name: &Ident, span| {
        let written = name.unraw().to_string();
        let hint = did_you_mean(&written, &known);
        at(
            span,
            format!("`{written}` is no argument of `{}`{hint}", signature.ident),
        )
    };
    for name in &options.skip {
        if !names.contains(name) {
            return Err(unknown(name, name.span()));
        }
    }
    for name in options.name.roots() {
        if name == "self" {
            if signature.receiver().is_none() {
                return Err(at(name.span(), format!("`{}` has no `self`", signature.ident)));
            }
        } else if !is_constant(name) && !known.contains(&name.unraw().to_string()) {
            return Err(unknown(name, name.span()));
        }
    }
    Ok(())
}

/// Whether this is written as names of constants and statics are.
fn is_constant(name: &Ident) -> bool {
    let name = name.to_string();
    name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}

/// Collects what a pattern binds.
struct Names(Vec<Ident>);

impl VisitMut for Names {
    fn visit_pat_ident_mut(&mut self, binding: &mut PatIdent) {
        self.0.push(binding.ident.clone());
        if let Some((_, inner)) = &mut binding.subpat {
            self.visit_pat_mut(inner);
        }
    }
}
