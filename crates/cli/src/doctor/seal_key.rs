//! The key that seals runs: where it lies, and whether it is for its owner alone.

use telensic_run::{PublicKey, SigningKey};

use super::Finding;

const TOPIC: &str = "seal-key";

pub(super) fn look() -> Finding {
    const MEND: &str = "without a key no run can be sealed";
    let path = match SigningKey::path() {
        Ok(path) => path.display().to_string(),
        Err(error) => return Finding::fail(TOPIC, error.to_string(), MEND),
    };
    let finding = match PublicKey::of_this_machine() {
        Ok(Some(key)) => {
            let text = format!("{path} is there and for its owner alone, public key {key}");
            Finding::ok(TOPIC, text).with("public_key", key.to_string())
        }
        Ok(None) => Finding::ok(
            TOPIC,
            format!("{path} is not there yet: the first run that ends makes it"),
        ),
        Err(error) => Finding::fail(TOPIC, error.to_string(), MEND),
    };
    finding.with("path", path)
}
