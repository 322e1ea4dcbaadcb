//! Which generation of attribute names is recorded: `OTEL_SEMCONV_STABILITY_OPT_IN`.
//!
//! The variable lets instrumentation that once recorded the older names move. This one never did, so the stable names
//! are always there, and `http/dup` adds the older ones for readers that still want them.

use crate::config::Env;

/// The names that are recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Conventions {
    /// Those of the stable conventions.
    #[default]
    Stable,
    /// Those, and `http.method`, `http.url` and their like.
    Both,
}

impl Conventions {
    /// As the environment asks.
    pub(crate) fn of_environment() -> Self {
        Env::of_process("OTEL_SEMCONV_STABILITY_OPT_IN").map_or(Self::Stable, |list| Self::of_list(&list))
    }

    /// Other categories than HTTP may be listed; what they want is not ours to judge.
    fn of_list(list: &str) -> Self {
        if list.split(',').any(|wanted| wanted.trim() == "http/dup") {
            Self::Both
        } else {
            Self::Stable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Conventions;

    #[test]
    fn only_http_dup_adds_the_older_names_and_it_wins_over_http() {
        for list in ["", "http", "database/dup", "http,database", "HTTP/DUP"] {
            assert_eq!(Conventions::of_list(list), Conventions::Stable, "{list:?}");
        }
        for list in [
            "http/dup",
            "http,http/dup",
            "http/dup, http",
            "database , http/dup",
        ] {
            assert_eq!(Conventions::of_list(list), Conventions::Both, "{list:?}");
        }
    }
}
