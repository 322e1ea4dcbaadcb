//! The span's name: that of the function, a constant, or a text whose placeholders are filled at each call.

use std::str::CharIndices;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{ExprPath, LitStr};

use crate::error::at;

/// What the span is called.
#[derive(Default)]
pub(super) enum Name {
    /// Like the function.
    #[default]
    Function,
    /// Always this.
    Text(LitStr),
    /// What this constant says.
    Constant(ExprPath),
    /// A text with placeholders.
    Template(Template),
}

/// A text with placeholders.
pub(super) struct Template {
    /// As it was written.
    written: LitStr,
    /// As `format_args!` takes it: the placeholders numbered.
    format: String,
    places: Vec<Place>,
}

/// `self.config.profile`: what fills a placeholder.
struct Place {
    root: Ident,
    fields: Vec<TokenStream>,
}

impl Name {
    /// What the placeholders' values are taken from.
    pub(super) fn roots(&self) -> impl Iterator<Item = &Ident> {
        let places = match self {
            Self::Template(template) => template.places.as_slice(),
            _ => &[],
        };
        places.iter().map(|place| &place.root)
    }

    /// An expression for what is known of the name at compile time, of the function of this name.
    pub(super) fn known(&self, function: &Ident) -> TokenStream {
        match self {
            Self::Function => {
                let name = function.unraw().to_string();
                quote!(#name)
            }
            Self::Text(text) => quote!(#text),
            Self::Constant(path) => quote!(#path),
            Self::Template(template) => {
                let written = &template.written;
                quote!(#written)
            }
        }
    }

    /// The format of the name, and all that it takes, if it is made at each call.
    pub(super) fn format(&self) -> Option<TokenStream> {
        let Self::Template(template) = self else {
            return None;
        };
        let mut format = Literal::string(&template.format);
        format.set_span(template.written.span());
        let places = template.places.iter().map(|place| {
            let Place { root, fields } = place;
            quote!(#root #(.#fields)*)
        });
        Some(quote!(::core::format_args!(#format, #(#places),*)))
    }
}

impl Parse for Name {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Self::of_literal(input.parse()?);
        }
        let place = input.span();
        match input.parse() {
            Ok(path) => Ok(Self::Constant(path)),
            Err(_) => Err(at(place, "expected a name: a text, or the path of a constant")),
        }
    }
}

impl Name {
    fn of_literal(written: LitStr) -> syn::Result<Self> {
        let text = written.value();
        // Errors stand where the text does, and names mean what they mean at the attribute.
        let span = Span::call_site().located_at(written.span());
        let mut reader = Reader {
            text: &text,
            chars: text.char_indices(),
            span,
            plain: String::new(),
            format: String::new(),
            places: Vec::new(),
        };
        reader.read()?;
        let Reader {
            plain,
            format,
            places,
            ..
        } = reader;
        if text.is_empty() {
            return Err(at(span, "a span's name must not be empty"));
        }
        Ok(if places.is_empty() {
            Self::Text(LitStr::new(&plain, written.span()))
        } else {
            Self::Template(Template {
                written,
                format,
                places,
            })
        })
    }
}

/// Reads a text with placeholders.
struct Reader<'t> {
    text: &'t str,
    chars: CharIndices<'t>,
    span: Span,
    /// The text without placeholders.
    plain: String,
    format: String,
    places: Vec<Place>,
}

impl Reader<'_> {
    fn read(&mut self) -> syn::Result<()> {
        while let Some((start, char)) = self.chars.next() {
            let is_doubled = self.text[start + char.len_utf8()..].starts_with(char);
            match char {
                '{' | '}' if is_doubled => {
                    self.chars.next();
                    self.plain.push(char);
                    self.format.extend([char, char]);
                }
                '{' => self.placeholder(start + 1)?,
                '}' => {
                    return Err(at(
                        self.span,
                        "a `}` without a `{` before it; write `}}` for a brace",
                    ));
                }
                _ => {
                    self.plain.push(char);
                    self.format.push(char);
                }
            }
        }
        Ok(())
    }

    fn placeholder(&mut self, start: usize) -> syn::Result<()> {
        let rest = &self.text[start..];
        let end = rest.find(['{', '}']).filter(|end| rest[*end..].starts_with('}'));
        let Some(end) = end else {
            return Err(at(
                self.span,
                "a `{` without a `}` after it; write `{{` for a brace",
            ));
        };
        let placeholder = &rest[..end];
        self.chars = self.text.char_indices();
        self.chars.nth(self.text[..start + end].chars().count());
        let (path, spec) = match placeholder.split_once(':') {
            Some((path, spec)) => (path.trim(), Some(spec)),
            None => (placeholder.trim(), None),
        };
        if spec.is_some_and(|spec| spec.contains(['$', '*'])) {
            return Err(at(
                self.span,
                format!("`{{{placeholder}}}`: width and precision cannot be arguments here"),
            ));
        }
        let place = self.place(path, placeholder)?;
        self.format.push_str(&format!("{{{}", self.places.len()));
        if let Some(spec) = spec {
            self.format.push(':');
            self.format.push_str(spec);
        }
        self.format.push('}');
        self.places.push(place);
        Ok(())
    }

    fn place(&self, path: &str, placeholder: &str) -> syn::Result<Place> {
        if path.is_empty() || path.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(at(
                self.span,
                format!("`{{{placeholder}}}` names nothing: write the name of an argument in the braces"),
            ));
        }
        let wrong = || {
            at(
                self.span,
                format!(
                    "`{{{placeholder}}}` is no argument and no field of one; an expression can be recorded by \
                     `fields(key = ...)`"
                ),
            )
        };
        let mut parts = path.split('.');
        let root = parts
            .next()
            .and_then(|root| self.identifier(root))
            .ok_or_else(wrong)?;
        let fields: Option<Vec<TokenStream>> = parts.map(|part| self.field(part)).collect();
        Ok(Place {
            root,
            fields: fields.ok_or_else(wrong)?,
        })
    }

    fn field(&self, part: &str) -> Option<TokenStream> {
        if let Ok(index) = part.parse::<u32>() {
            let mut index = Literal::u32_unsuffixed(index);
            index.set_span(self.span);
            return Some(quote!(#index));
        }
        self.identifier(part).map(|name| quote!(#name))
    }

    fn identifier(&self, name: &str) -> Option<Ident> {
        let any = |input: ParseStream<'_>| input.call(Ident::parse_any);
        let mut identifier = syn::parse::Parser::parse_str(any, name).ok()?;
        let is_keyword = name != "self" && syn::parse_str::<Ident>(name).is_err();
        if is_keyword {
            identifier = Ident::new_raw(name, self.span);
        }
        identifier.set_span(self.span);
        Some(identifier)
    }
}
