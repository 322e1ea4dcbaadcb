//! Finds secrets in telemetry keys and values and masks them before the first byte is written.
