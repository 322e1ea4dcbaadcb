//! An array in memory: where its elements lie.
//!
//! Invariant: a view that exists reaches no byte outside its slice, whatever shape and strides it was made from. Its
//! elements are handed out in C order, little-endian, every NaN the same: straight from the slice if they lie so
//! already, else through a buffer of one block.

use std::ops::Range;

use super::dtype::ArrayDtype;
use crate::{RunError, RunErrorKind};

/// A read-only view of an array.
#[derive(Clone, Debug)]
pub struct ArrayView<'a> {
    bytes: &'a [u8],
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<isize>,
    dtype: ArrayDtype,
    is_big_endian: bool,
    elements: usize,
}

impl<'a> ArrayView<'a> {
    /// An array in C order that fills the slice. An empty shape is a single element.
    pub fn contiguous(bytes: &'a [u8], shape: &[usize], dtype: ArrayDtype) -> Result<Self, RunError> {
        let strides = c_strides(shape, dtype.width()).ok_or_else(|| misfit(bytes, shape, dtype))?;
        let view = Self::strided(bytes, 0, shape, &strides, dtype)?;
        if view.elements * dtype.width() != bytes.len() {
            return Err(misfit(bytes, shape, dtype));
        }
        Ok(view)
    }

    /// An array whose first element lies at `offset` and whose neighbours along axis `n` lie `strides[n]` bytes
    /// apart, as NumPy and the buffer protocol have it.
    pub fn strided(
        bytes: &'a [u8],
        offset: usize,
        shape: &[usize],
        strides: &[isize],
        dtype: ArrayDtype,
    ) -> Result<Self, RunError> {
        let elements = shape.iter().try_fold(1_usize, |all, axis| all.checked_mul(*axis));
        let elements = elements.ok_or_else(|| misfit(bytes, shape, dtype))?;
        if shape.len() != strides.len() || dtype.width() == 0 {
            return Err(misfit(bytes, shape, dtype));
        }
        let (mut least, mut greatest) = (offset as i128, offset as i128 + dtype.width() as i128);
        for (axis, stride) in shape.iter().zip(strides) {
            let reach = (*axis as i128 - 1).max(0) * *stride as i128;
            least += reach.min(0);
            greatest += reach.max(0);
        }
        if elements > 0 && (least < 0 || greatest > bytes.len() as i128) {
            return Err(misfit(bytes, shape, dtype));
        }
        Ok(Self {
            bytes,
            offset,
            shape: shape.to_vec(),
            strides: strides.to_vec(),
            dtype,
            is_big_endian: cfg!(target_endian = "big"),
            elements,
        })
    }

    /// The same view of elements whose greatest byte comes first; else they are in the machine's order.
    pub fn big_endian(mut self) -> Self {
        self.is_big_endian = true;
        self
    }

    /// The lengths of its axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The type of its elements.
    pub fn dtype(&self) -> ArrayDtype {
        self.dtype
    }

    /// How many elements it has.
    pub fn len(&self) -> usize {
        self.elements
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.elements == 0
    }

    /// All elements, `block` at a time.
    pub(crate) fn for_each_block(&self, block: usize, mut take: impl FnMut(&[u8])) {
        let mut buffer = Vec::new();
        let mut start = 0;
        while start < self.elements {
            let range = start..self.elements.min(start + block);
            start = range.end;
            let lies_ready = self.ready(range.clone());
            let ready = lies_ready.filter(|bytes| {
                let float = self.dtype.float_width();
                !float.is_some_and(|float| float.has_other_nans(bytes))
            });
            if let Some(bytes) = ready {
                take(bytes);
                continue;
            }
            buffer.clear();
            match lies_ready {
                Some(bytes) => buffer.extend_from_slice(bytes),
                None => self.gather(range, &mut buffer),
            }
            if let Some(float) = self.dtype.float_width() {
                float.unify_nans(&mut buffer);
            }
            take(&buffer);
        }
    }

    /// The elements as they lie, if they lie in C order and in little-endian bytes.
    fn ready(&self, range: Range<usize>) -> Option<&'a [u8]> {
        if self.is_big_endian && self.dtype.part() > 1 {
            return None;
        }
        let strides = c_strides(&self.shape, self.dtype.width())?;
        let lies_so =
            |((axis, stride), c_stride): ((&usize, &isize), &isize)| *axis == 1 || stride == c_stride;
        if !self.shape.iter().zip(&self.strides).zip(&strides).all(lies_so) {
            return None;
        }
        let width = self.dtype.width();
        self.bytes
            .get(self.offset + range.start * width..self.offset + range.end * width)
    }

    /// Copies elements in C order.
    fn gather(&self, range: Range<usize>, out: &mut Vec<u8>) {
        let width = self.dtype.width();
        let inner = self.shape.last().copied().unwrap_or(1);
        let inner_stride = self.strides.last().copied().unwrap_or(0);
        let mut at = range.start;
        while at < range.end {
            let in_row = at % inner;
            let row = self.place_of_row(at / inner);
            let count = (inner - in_row).min(range.end - at);
            for element in in_row..in_row + count {
                // Within the slice: the view was checked when it was made.
                let place = row.wrapping_add_signed(inner_stride.wrapping_mul(element as isize));
                out.extend_from_slice(&self.bytes[place..place + width]);
            }
            at += count;
        }
        if self.is_big_endian {
            out.chunks_exact_mut(self.dtype.part()).for_each(<[u8]>::reverse);
        }
    }

    /// Where the row of this number along the last axis begins.
    fn place_of_row(&self, mut row: usize) -> usize {
        let mut place = self.offset;
        let outer = self.shape.len().saturating_sub(1);
        for (axis, stride) in self.shape[..outer].iter().zip(&self.strides).rev() {
            place = place.wrapping_add_signed(stride.wrapping_mul((row % axis) as isize));
            row /= axis;
        }
        place
    }
}

fn c_strides(shape: &[usize], width: usize) -> Option<Vec<isize>> {
    let mut strides = vec![0; shape.len()];
    let mut stride = isize::try_from(width).ok()?;
    for (at, axis) in shape.iter().enumerate().rev() {
        strides[at] = stride;
        stride = stride.checked_mul(isize::try_from(*axis).ok()?)?;
    }
    Some(strides)
}

fn misfit(bytes: &[u8], shape: &[usize], dtype: ArrayDtype) -> RunError {
    RunError::new(
        RunErrorKind::Invalid,
        format!(
            "an array of {dtype} with shape {shape:?} does not fit these {} bytes: check shape, strides and offset",
            bytes.len()
        ),
    )
}
