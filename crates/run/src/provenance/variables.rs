//! The environment variables that can change a result.
//!
//! Invariant: a value is kept only of a variable on the list below, and goes through the redactor even so. Of all
//! others the name is kept and nothing else.

use std::collections::BTreeMap;
use std::ffi::OsString;

use telensic_redact::Redactor;

/// Whose values are kept.
const KEPT: [&str; 29] = [
    "BLIS_NUM_THREADS",
    "CONDA_DEFAULT_ENV",
    "CUBLAS_WORKSPACE_CONFIG",
    "CUDA_VISIBLE_DEVICES",
    "GOMAXPROCS",
    "JAX_ENABLE_X64",
    "LANG",
    "LC_ALL",
    "LC_NUMERIC",
    "LC_TIME",
    "MKL_CBWR",
    "MKL_NUM_THREADS",
    "NPY_DISABLE_CPU_FEATURES",
    "NUMEXPR_NUM_THREADS",
    "OMP_DYNAMIC",
    "OMP_NUM_THREADS",
    "OMP_SCHEDULE",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "PYTHONHASHSEED",
    "PYTHONOPTIMIZE",
    "RAYON_NUM_THREADS",
    "RUSTUP_TOOLCHAIN",
    "RUST_LOG",
    "TF_DETERMINISTIC_OPS",
    "TOKIO_WORKER_THREADS",
    "TZ",
    "VECLIB_MAXIMUM_THREADS",
];

/// The values on the list, and the names of the rest, sorted.
pub(super) fn sort_out(
    variables: impl Iterator<Item = (OsString, OsString)>,
    redactor: &Redactor,
) -> (BTreeMap<String, String>, Vec<String>) {
    let mut kept = BTreeMap::new();
    let mut others = Vec::new();
    for (name, value) in variables {
        let name = name.to_string_lossy().into_owned();
        if KEPT.contains(&name.as_str()) {
            let value = value.to_string_lossy();
            let value = redactor.text(redactor.key_class(&name), &value).into_owned();
            kept.insert(name, value);
        } else {
            others.push(name);
        }
    }
    others.sort_unstable();
    (kept, others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_values_are_kept_and_they_are_masked() {
        let secret = "ghp_".to_owned() + &"aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5"[..36];
        let variables = [
            ("TZ", "UTC"),
            ("DB_PASSWORD", "hunter2"),
            ("LANG", secret.as_str()),
        ];
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        let (kept, others) = sort_out(variables.into_iter(), &Redactor::default());
        assert_eq!(kept["TZ"], "UTC");
        assert!(kept["LANG"].starts_with("[REDACTED"), "{kept:?}");
        assert_eq!(others, ["DB_PASSWORD"]);
    }
}
