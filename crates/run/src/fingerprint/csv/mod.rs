//! CSV: the dialect is told from the first lines, cells are hashed as the text they are, column by column.

mod dialect;
mod instant;
mod number;
mod record;
mod table;
mod values;

pub(super) use table::read;
