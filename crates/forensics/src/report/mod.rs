//! Reports for people.

pub mod html;
mod human;
pub mod markdown;
mod table;

pub use human::{bytes, duration, harmless};
