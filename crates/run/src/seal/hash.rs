//! BLAKE3 of many files at once, in pieces that any thread can take.
//!
//! ```text
//! file   | 16 MiB | 16 MiB | rest |     each piece is a subtree of BLAKE3's tree,
//!             \      /        /         hashed from its offset on, by whichever thread is free;
//!              node         /           the nodes above are joined at the end:
//!                 \       /             the result is plain BLAKE3 of the whole file
//!                   root
//! ```
//!
//! So one large tape takes all cores as well as many small files do, and a thread holds one buffer, never a file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use blake3::hazmat::{
    ChainingValue, HasherExt, Mode, left_subtree_len, merge_subtrees_non_root, merge_subtrees_root,
};

use super::blocks::{self, Blocks};
use super::{Content, parallel};
use crate::digest::Digest;

/// What a thread hashes at a time; a power of two, as BLAKE3's tree wants it.
pub(super) const PIECE: u64 = 16 << 20;

const BUFFER: usize = 256 * 1024;

/// Whether the sums that tell where a file was altered are wanted too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sums {
    Wanted,
    Unwanted,
}

struct Piece<'a> {
    file: usize,
    path: &'a Path,
    offset: u64,
    len: u64,
    is_only: bool,
}

struct Hashed {
    node: Node,
    sums: Vec<u32>,
}

/// A file of one piece has its hash at once; else a piece gives an inner node.
enum Node {
    Root(Digest),
    Inner(ChainingValue),
}

/// The content of each of these files.
pub(super) fn contents(paths: &[PathBuf], sums: Sums) -> Vec<io::Result<Content>> {
    let sizes: Vec<io::Result<u64>> = paths
        .iter()
        .map(|path| Ok(std::fs::metadata(path)?.len()))
        .collect();
    let mut pieces = Vec::new();
    for (file, (path, size)) in paths.iter().zip(&sizes).enumerate() {
        let Ok(size) = *size else { continue };
        let mut offset = 0;
        loop {
            let len = PIECE.min(size - offset);
            pieces.push(Piece {
                file,
                path,
                offset,
                len,
                is_only: size <= PIECE,
            });
            offset += len;
            if offset == size {
                break;
            }
        }
    }
    let hashed = parallel::map(&pieces, |piece| {
        let block = match &sizes[piece.file] {
            Ok(size) if sums == Sums::Wanted => Some(blocks::block_size(*size)),
            _ => None,
        };
        hash_piece(piece, block)
    });
    let mut hashed = pieces.iter().map(|piece| piece.file).zip(hashed).peekable();
    sizes
        .into_iter()
        .enumerate()
        .map(|(file, size)| {
            let of_file = std::iter::from_fn(|| hashed.next_if(|(of, _)| *of == file));
            let of_file: Vec<io::Result<Hashed>> = of_file.map(|(_, piece)| piece).collect();
            join(size?, of_file.into_iter().collect::<io::Result<_>>()?)
        })
        .collect()
}

fn hash_piece(piece: &Piece<'_>, block: Option<u64>) -> io::Result<Hashed> {
    let mut file = File::open(piece.path)?;
    file.seek(SeekFrom::Start(piece.offset))?;
    let mut hasher = blake3::Hasher::new();
    if !piece.is_only {
        hasher.set_input_offset(piece.offset);
    }
    let mut sums = block.map(Blocks::of);
    let mut buffer = vec![0; BUFFER.min(usize::try_from(piece.len).unwrap_or(BUFFER))];
    let mut left = piece.len;
    while left > 0 {
        let want = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let bytes = &mut buffer[..want];
        file.read_exact(bytes)?;
        hasher.update(bytes);
        if let Some(sums) = &mut sums {
            sums.update(bytes);
        }
        left -= want as u64;
    }
    Ok(Hashed {
        node: if piece.is_only {
            Node::Root(Digest::from(hasher.finalize()))
        } else {
            Node::Inner(hasher.finalize_non_root())
        },
        sums: sums.map(Blocks::finish).unwrap_or_default(),
    })
}

fn join(size: u64, pieces: Vec<Hashed>) -> io::Result<Content> {
    let mut inner = Vec::new();
    let mut root = None;
    let mut sums = Vec::new();
    for piece in pieces {
        match piece.node {
            Node::Root(digest) => root = Some(digest),
            Node::Inner(node) => inner.push(node),
        }
        sums.extend(piece.sums);
    }
    let blake3 = match root {
        Some(root) => root,
        None => {
            let (left, right) = split(&inner, size);
            let (left_len, right_len) = (left_subtree_len(size), size - left_subtree_len(size));
            Digest::from(merge_subtrees_root(
                &node(left, left_len),
                &node(right, right_len),
                Mode::Hash,
            ))
        }
    };
    Ok(Content {
        size,
        blake3,
        block: blocks::block_size(size),
        crc32: blocks::to_text(&sums),
    })
}

/// The inner node over the pieces of so many bytes.
fn node(pieces: &[ChainingValue], len: u64) -> ChainingValue {
    if let [piece] = pieces {
        return *piece;
    }
    let (left, right) = split(pieces, len);
    let left_len = left_subtree_len(len);
    merge_subtrees_non_root(&node(left, left_len), &node(right, len - left_len), Mode::Hash)
}

fn split(pieces: &[ChainingValue], len: u64) -> (&[ChainingValue], &[ChainingValue]) {
    // The left side is a power of two above one piece, so a whole number of pieces.
    pieces.split_at((left_subtree_len(len) / PIECE) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_pieces_has_the_hash_of_the_whole() {
        let dir = tempfile::tempdir().unwrap();
        let mut pattern = vec![0; 3 * PIECE as usize];
        for (number, byte) in pattern.iter_mut().step_by(1021).enumerate() {
            *byte = number as u8;
        }
        let mut paths = Vec::new();
        for size in [0, 1, 1024, 1025, PIECE, PIECE + 1, 2 * PIECE + 12_345] {
            let path = dir.path().join(size.to_string());
            std::fs::write(&path, &pattern[..size as usize]).unwrap();
            paths.push(path);
        }
        for (path, content) in paths.iter().zip(contents(&paths, Sums::Wanted)) {
            let bytes = std::fs::read(path).unwrap();
            let content = content.unwrap();
            assert_eq!(content.blake3, Digest::of(&bytes), "{} bytes", bytes.len());
            let sums: String = bytes
                .chunks(content.block as usize)
                .map(|block| format!("{:08x}", crc32fast::hash(block)))
                .collect();
            assert_eq!(content.crc32, sums, "{} bytes", bytes.len());
            let same = blocks::altered(path, content.block, content.size, &content.crc32).unwrap();
            assert_eq!(same, []);
        }
    }
}
