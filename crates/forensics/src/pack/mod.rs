//! The evidence pack: one HTML file that holds a sealed run with its report, and verifies it in any browser.
//!
//! Behind the report's page stand the files of the run's directory, as they lie:
//!
//! ```text
//! <script type="application/json" id="pack-index">\n
//! {"version":1,"files":[{"path":"run.json","size":412}, ..],"links":["latest", ..]}\n
//! </script>\n
//! <script type="text/plain" id="pack-0">\n        one block a file, in the order of the index
//! <base64 of raw DEFLATE of bytes 0 .. 4 MiB>\n   one line a piece; none for an empty file
//! <base64 of raw DEFLATE of bytes 4 MiB .. 8 MiB>\n
//! </script>\n
//! ```
//!
//! Pieces are compressed one by one, so neither a writer nor the page ever holds more than a piece unpacked. A path is as
//! the seal has it: relative, with `/`, and `%XX` for `%` and for bytes that are no UTF-8. Symbolic links and special files
//! are named under `links` and not held. The page needs no more than this and `seal.json` to verify the run; [`unpack`]
//! brings the directory back, for `telensic verify`.

mod contents;
mod name;
mod unpack;
mod write;

pub use contents::{MOST_BYTES, PackContents};
pub use unpack::{Unpacked, is_pack, unpack};
pub use write::write;
