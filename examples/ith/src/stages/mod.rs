//! The stages, a file each; the one of many steps is a folder.

mod examination;
mod features;
mod load;
mod report;
mod selection;
mod sleeves;
mod validate;

pub use examination::{Examination, examination};
pub use features::{Features, features};
pub use load::load;
pub use report::{Report, report};
pub use selection::{Selected, Selection, selection};
pub use sleeves::sleeves;
pub use validate::validate;
