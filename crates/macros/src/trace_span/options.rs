//! What is written in the attribute.

use proc_macro2::{Ident, Span};
use syn::parse::{Parse, ParseStream};
use syn::{Expr, LitBool, LitStr, Path, Token, parse_quote};

use super::name::Name;
use crate::error::at;
use crate::field::Field;
use crate::option::{self, assigned, comma, listed};

/// The options of an attribute, each of which may be there once.
pub(super) struct Options {
    pub(super) name: Name,
    pub(super) fields: Vec<Field>,
    /// Whether all arguments are recorded.
    pub(super) args: bool,
    /// The arguments that are not.
    pub(super) skip: Vec<Ident>,
    pub(super) err: Err,
    /// Where `ret` is written.
    pub(super) ret: Option<Span>,
    /// The variant of `SpanKind`.
    pub(super) kind: Option<Ident>,
    pub(super) parent: Parent,
    pub(super) scope: Option<Expr>,
    /// Where telensic is.
    pub(super) telensic: Path,
}

/// Whether an `Err` is recorded.
#[derive(Clone, Copy)]
pub(super) enum Err {
    /// If the returned type is called a result.
    ByType,
    /// `err`, written there: it must be a `Result`.
    Always(Span),
    /// `err = false`.
    Never,
}

/// What the span is a child of.
pub(super) enum Parent {
    /// The current span.
    Current,
    /// The span of this context.
    Of(Box<Expr>),
    /// Of nothing.
    Nothing,
}

/// All options, in the order in which errors name them.
const KNOWN: [&str; 11] = [
    "name", "fields", "args", "skip", "err", "ret", "kind", "parent", "root", "scope", "crate",
];

/// How kinds are written, and the variants of `SpanKind`.
const KINDS: [(&str, &str); 5] = [
    ("internal", "Internal"),
    ("server", "Server"),
    ("client", "Client"),
    ("producer", "Producer"),
    ("consumer", "Consumer"),
];

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Self {
            name: Name::Function,
            fields: Vec::new(),
            args: false,
            skip: Vec::new(),
            err: Err::ByType,
            ret: None,
            kind: None,
            parent: Parent::Current,
            scope: None,
            telensic: parse_quote!(::telensic),
        };
        let mut seen: Vec<String> = Vec::new();
        if input.peek(LitStr) {
            options.name = input.parse()?;
            seen.push("name".to_owned());
            comma(input)?;
        }
        option::each(input, &KNOWN, seen, |word, place| {
            options.parse_option(word, place, input)
        })?;
        if let Some(skipped) = options.skip.first().filter(|_| !options.args) {
            return Err(at(
                skipped.span(),
                "no argument is recorded unless it is named; to record all but this, write `args, skip(...)`",
            ));
        }
        Ok(options)
    }
}

impl Options {
    fn parse_option(&mut self, word: &str, place: Span, input: ParseStream<'_>) -> syn::Result<()> {
        match word {
            "name" => self.name = assigned(place, input, "name = \"...\"")?,
            "fields" => self.fields = option::fields(place, input)?,
            "args" => self.args = true,
            "skip" => self.skip = listed(place, input)?,
            "err" => {
                let is_wanted =
                    !input.peek(Token![=]) || assigned::<LitBool>(place, input, "err = false")?.value;
                self.err = if is_wanted { Err::Always(place) } else { Err::Never };
            }
            "ret" => self.ret = Some(place),
            "kind" => self.kind = Some(kind(&assigned(place, input, "kind = client")?)?),
            "parent" | "root" if !matches!(self.parent, Parent::Current) => {
                return Err(at(place, "`parent` and `root` exclude each other"));
            }
            "parent" => self.parent = Parent::Of(assigned(place, input, "parent = context")?),
            "root" => self.parent = Parent::Nothing,
            "scope" => self.scope = Some(assigned(place, input, "scope = scope_id")?),
            "crate" => self.telensic = assigned(place, input, "crate = path")?,
            _ => return Err(option::unknown(word, place, &KNOWN)),
        }
        Ok(())
    }
}

/// The variant of `SpanKind` that is called so.
fn kind(written: &Ident) -> syn::Result<Ident> {
    let word = written.to_string();
    let found = KINDS
        .iter()
        .find(|(name, variant)| *name == word || *variant == word);
    found
        .map(|(_, variant)| Ident::new(variant, written.span()))
        .ok_or_else(|| {
            let known = KINDS.map(|(name, _)| name);
            at(
                written.span(),
                format!("there is no kind `{word}`; kinds are {}", known.join(", ")),
            )
        })
}
