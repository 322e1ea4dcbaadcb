//! What is written in the attribute of the `impl`.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{ExprPath, LitStr, Path, parse_quote};

use crate::error::at;
use crate::option::{self, assigned, comma};

/// `"finnhub"`, or `FINNHUB`, and what may follow.
pub(super) struct Options {
    pub(super) provider: Provider,
    /// Where telensic is.
    pub(super) telensic: Path,
}

/// Who is called.
pub(super) enum Provider {
    Name(LitStr),
    Constant(ExprPath),
}

/// All options but the provider.
const KNOWN: [&str; 1] = ["crate"];

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let provider = input.parse()?;
        let mut options = Self {
            provider,
            telensic: parse_quote!(::telensic),
        };
        comma(input)?;
        option::each(input, &KNOWN, Vec::new(), |word, place| {
            options.parse_option(word, place, input)
        })?;
        Ok(options)
    }
}

impl Options {
    fn parse_option(&mut self, word: &str, place: Span, input: ParseStream<'_>) -> syn::Result<()> {
        match word {
            "crate" => self.telensic = assigned(place, input, "crate = path")?,
            _ => return Err(option::unknown(word, place, &KNOWN)),
        }
        Ok(())
    }
}

impl Parse for Provider {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let place = input.span();
        if input.peek(LitStr) {
            let name: LitStr = input.parse()?;
            return match name.value().is_empty() {
                true => Err(at(place, "the provider's name must not be empty")),
                false => Ok(Self::Name(name)),
            };
        }
        let constant: ExprPath = input.parse().map_err(|_| {
            at(
                place,
                "the provider's name comes first: write `#[instrument_adapter(\"finnhub\")]`, or a constant",
            )
        })?;
        let is_of_self = constant.qself.is_some()
            || constant
                .path
                .segments
                .first()
                .is_some_and(|first| first.ident == "Self");
        if is_of_self {
            return Err(at(
                place,
                "the metrics of a provider are looked up once for the whole program, where there is no `Self`: \
                 use a constant outside of the `impl`",
            ));
        }
        Ok(Self::Constant(constant))
    }
}
