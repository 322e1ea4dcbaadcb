//! The standard output: buffered, with colours only where they belong.
//!
//! Invariant: what was said before is on the screen before a complaint is.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;

use crate::exit::complain;

/// What stands out: errors, damage.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What deserves a look.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// What is as it should be.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What the eye should find first.
pub(crate) const STRONG: Style = Style::new().bold();
/// What the eye may pass over.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Colour {
    fn is_on(self, is_terminal: bool) -> bool {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        match self {
            Self::Auto => is_terminal && !is_dumb && !is_set("NO_COLOR"),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// Where a command writes.
pub(crate) struct Screen {
    out: BufWriter<Stdout>,
    paints: bool,
}

impl Screen {
    /// The standard output of this process.
    pub(crate) fn new(colour: Colour) -> Self {
        const BUFFER: usize = 64 * 1024;
        let stdout = io::stdout();
        Self {
            paints: colour.is_on(stdout.is_terminal()),
            out: BufWriter::with_capacity(BUFFER, stdout),
        }
    }

    /// Text in a style, if there are colours.
    pub(crate) fn paint<T: fmt::Display>(&self, style: Style, text: T) -> Painted<T> {
        Painted {
            style: if self.paints { style } else { Style::new() },
            text,
        }
    }

    /// Says something on stderr, after what was written here so far.
    pub(crate) fn complain(&mut self, message: &dyn fmt::Display) -> io::Result<()> {
        self.out.flush()?;
        complain(message);
        Ok(())
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Text and the style in which it is shown.
pub(crate) struct Painted<T> {
    style: Style,
    text: T,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}{}",
            self.style.render(),
            self.text,
            self.style.render_reset()
        )
    }
}
