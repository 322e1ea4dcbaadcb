//! Rows back as the OTLP request they came from.
//!
//! Rows of the same resource and scope are put together; within one they keep their order.

mod logs;
mod metrics;
mod owner;
mod spans;
mod value;

use arrow_array::RecordBatch;
use telensic_tape::Signal;

use crate::error::StoreError;

/// One export request in protobuf that holds these rows; all columns must be there.
pub(crate) fn request(signal: Signal, batches: &[RecordBatch]) -> Result<Vec<u8>, StoreError> {
    let mut owners = owner::Owners::default();
    for batch in batches {
        match signal {
            Signal::Spans => spans::put_all(batch, &mut owners)?,
            Signal::Logs => logs::put_all(batch, &mut owners)?,
            Signal::Metrics => metrics::put_all(batch, &mut owners)?,
        }
    }
    Ok(owners.finish())
}
