//! What is written in the attribute.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::token::Paren;
use syn::{Expr, LitBool, LitStr, Path, Token, parenthesized, parse_quote};

use super::error::{at, did_you_mean};
use super::field::Field;
use super::name::Name;

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
        while !input.is_empty() {
            let place = input.span();
            let Ok(option) = input.call(Ident::parse_any) else {
                return Err(at(place, format!("expected an option: {}", KNOWN.join(", "))));
            };
            let word = option.to_string();
            if seen.contains(&word) {
                return Err(at(place, format!("`{word}` is given twice")));
            }
            options.parse_option(&word, place, input)?;
            seen.push(word);
            comma(input)?;
        }
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
            "fields" => {
                self.fields = listed(place, input)?;
                unique(&self.fields)?;
            }
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
            _ => {
                let known = KNOWN.map(str::to_owned);
                let hint = did_you_mean(word, &known);
                return Err(at(
                    place,
                    format!(
                        "there is no option `{word}`{hint} (options: {})",
                        KNOWN.join(", ")
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// What stands between two options.
fn comma(input: ParseStream<'_>) -> syn::Result<()> {
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(())
}

/// What stands after an option's equals sign.
fn assigned<T: Parse>(place: Span, input: ParseStream<'_>, example: &str) -> syn::Result<T> {
    if !input.peek(Token![=]) {
        return Err(at(place, format!("this needs a value, as in `{example}`")));
    }
    input.parse::<Token![=]>()?;
    input.parse()
}

/// What stands in an option's parentheses.
fn listed<T: Parse>(place: Span, input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    if !input.peek(Paren) {
        return Err(at(place, "this needs a list, as in `fields(rows)`"));
    }
    let content;
    parenthesized!(content in input);
    let items = Punctuated::<T, Token![,]>::parse_terminated(&content)?;
    Ok(items.into_iter().collect())
}

/// No key may be there twice.
fn unique(fields: &[Field]) -> syn::Result<()> {
    for (position, field) in fields.iter().enumerate() {
        if fields[..position].iter().any(|earlier| earlier.key == field.key) {
            return Err(at(field.place, format!("the key `{}` is given twice", field.key)));
        }
    }
    Ok(())
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
