//! The state of the code: commit, branch, and whether the tree holds what the commit holds.
//!
//! The `git` program is asked, and not a library: gix brings some two hundred crates into every program that only
//! wants a hash, and still differs from git in filters, sparse trees and the ownership rule. Where git is missing,
//! late, or refuses, the commit is read from the files; then it is not known whether the tree is clean.

mod files;
mod program;
mod state;
mod status;

pub use program::GitProgram;
pub use state::GitState;
