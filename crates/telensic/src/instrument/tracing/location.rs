//! Where in the source something was recorded, by OpenTelemetry's names.

use telensic_tape::Value;
use tracing_core::Metadata;

use crate::Key;

pub(super) const FILE: Key<'static> = Key::new("code.file.path");
pub(super) const LINE: Key<'static> = Key::new("code.line.number");

/// Hands out the file and the line of a callsite.
pub(super) fn put(metadata: &Metadata<'_>, mut put: impl FnMut(Key<'static>, Value<'_>)) {
    if let Some(file) = metadata.file() {
        put(FILE, Value::Str(file));
    }
    if let Some(line) = metadata.line() {
        put(LINE, Value::I64(line.into()));
    }
}
