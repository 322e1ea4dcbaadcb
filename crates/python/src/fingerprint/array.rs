//! Arrays of NumPy, and everything else that lends its memory by the buffer protocol.
//!
//! ```text
//! buffer: address of element [0, 0, ..], shape, strides (any, also negative ones)
//!         |<-- what is below it --|element|-- what is above it -->|      one slice, in which ArrayView finds every element
//! ```

use std::slice;

use pyo3::buffer::{ElementType, PyUntypedBuffer};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use telensic_run::{ArrayDtype, ArrayFingerprint, ArrayView};

/// An array whose memory is lent as long as this lives.
pub(crate) struct Array {
    buffer: PyUntypedBuffer,
    dtype: ArrayDtype,
    is_big_endian: bool,
    /// It has no axes, and is lent as if it had one of length 1.
    is_scalar: bool,
}

/// The array that an object is, if it is one; an error if it holds objects, which have no bytes of their own.
pub(crate) fn array_of(object: &Bound<'_, PyAny>) -> PyResult<Option<Array>> {
    let py = object.py();
    let dtype = match object.getattr_opt(intern!(py, "dtype"))? {
        // That of pandas or Polars names no memory; those are tables.
        Some(dtype) if dtype.hasattr(intern!(py, "hasobject"))? && lends(object) => dtype,
        Some(_) => return Ok(None),
        None => return plain_buffer(object),
    };
    if dtype.getattr(intern!(py, "hasobject"))?.is_truthy()? {
        return Err(PyTypeError::new_err(
            "an array of objects has no fingerprint, for it holds addresses, not values: convert it first, as by \
             array.astype(float) or array.astype(str)",
        ));
    }
    let width: usize = dtype.getattr(intern!(py, "itemsize"))?.extract()?;
    if width == 0 {
        return Err(PyValueError::new_err(
            "an array whose elements have no bytes has no fingerprint",
        ));
    }
    let name: String = dtype.getattr(intern!(py, "name"))?.extract()?;
    let kind: String = dtype.getattr(intern!(py, "kind"))?.extract()?;
    // Times do not speak the buffer protocol; as integers they do, in the same memory.
    let is_scalar = object.getattr(intern!(py, "ndim"))?.extract::<usize>()? == 0;
    let mut lender = object.clone();
    if is_scalar {
        lender = lender.call_method1(intern!(py, "reshape"), (1,))?;
    }
    if kind == "M" || kind == "m" {
        lender = lender.call_method1(intern!(py, "view"), ("i8",))?;
    }
    let buffer = PyUntypedBuffer::get(&lender)?;
    let known = name
        .parse()
        .ok()
        .filter(|known: &ArrayDtype| known.width() == width);
    let order: String = dtype.getattr(intern!(py, "byteorder"))?.extract()?;
    Ok(Some(Array {
        buffer,
        dtype: known.unwrap_or(ArrayDtype::Bytes(width)),
        is_big_endian: known.is_some() && order == ">",
        is_scalar,
    }))
}

/// Whether it is an array or a scalar of NumPy, by what they alone have.
fn lends(object: &Bound<'_, PyAny>) -> bool {
    object
        .hasattr(intern!(object.py(), "__array_interface__"))
        .unwrap_or(false)
}

/// A buffer that is no array of NumPy: `array.array`, `memoryview`, `bytes`.
fn plain_buffer(object: &Bound<'_, PyAny>) -> PyResult<Option<Array>> {
    let Ok(buffer) = PyUntypedBuffer::get(object) else {
        return Ok(None);
    };
    let width = buffer.item_size();
    let dtype = match (ElementType::from_format(buffer.format()), width) {
        (ElementType::Bool, 1) => ArrayDtype::Bool,
        (ElementType::SignedInteger { .. }, 1) => ArrayDtype::Int8,
        (ElementType::SignedInteger { .. }, 2) => ArrayDtype::Int16,
        (ElementType::SignedInteger { .. }, 4) => ArrayDtype::Int32,
        (ElementType::SignedInteger { .. }, 8) => ArrayDtype::Int64,
        (ElementType::UnsignedInteger { .. }, 1) => ArrayDtype::UInt8,
        (ElementType::UnsignedInteger { .. }, 2) => ArrayDtype::UInt16,
        (ElementType::UnsignedInteger { .. }, 4) => ArrayDtype::UInt32,
        (ElementType::UnsignedInteger { .. }, 8) => ArrayDtype::UInt64,
        (ElementType::Float { .. }, 4) => ArrayDtype::Float32,
        (ElementType::Float { .. }, 8) => ArrayDtype::Float64,
        (_, 0) => return Ok(None),
        (_, width) => ArrayDtype::Bytes(width),
    };
    let is_big_endian = matches!(buffer.format().to_bytes().first(), Some(b'>' | b'!'));
    Ok(Some(Array {
        buffer,
        dtype,
        is_big_endian,
        is_scalar: false,
    }))
}

impl Array {
    /// How many elements it has.
    pub(crate) fn len(&self) -> usize {
        self.buffer.item_count()
    }

    /// Whether it has no axes.
    pub(crate) fn is_scalar(&self) -> bool {
        self.is_scalar
    }

    /// Its fingerprint; Python goes on meanwhile.
    pub(crate) fn fingerprint(&self, py: Python<'_>, name: &str) -> PyResult<ArrayFingerprint> {
        let view = self.view()?;
        Ok(py.detach(|| ArrayFingerprint::of(name, &view)))
    }

    /// What stands for it where values are recorded.
    pub(crate) fn short(&self, py: Python<'_>) -> String {
        let (dtype, elements) = (self.dtype, self.len());
        match self.fingerprint(py, "") {
            Ok(fingerprint) => {
                let hash = fingerprint.blake3.to_string();
                format!("[ARRAY {dtype} n={elements} blake3:{}]", &hash[..16])
            }
            Err(error) => format!("[ARRAY {dtype} n={elements}: {}]", error.value(py)),
        }
    }

    /// Where its elements lie.
    #[expect(unsafe_code, reason = "the boundary to Python")]
    fn view(&self) -> PyResult<ArrayView<'_>> {
        if self.buffer.suboffsets().is_some() {
            return Err(PyValueError::new_err(
                "an array of pointers to rows has no fingerprint: copy it into one block of memory first",
            ));
        }
        let axes = if self.is_scalar {
            0
        } else {
            self.buffer.dimensions()
        };
        let (shape, strides) = (&self.buffer.shape()[..axes], &self.buffer.strides()[..axes]);
        let (mut below, mut above) = (0_usize, self.dtype.width());
        for (axis, stride) in shape.iter().zip(strides) {
            let reach = axis.saturating_sub(1).saturating_mul(stride.unsigned_abs());
            let side = if *stride < 0 { &mut below } else { &mut above };
            *side = side.saturating_add(reach);
        }
        let address = self.buffer.buf_ptr().cast::<u8>().cast_const();
        let bytes: &[u8] = if self.buffer.item_count() == 0 || address.is_null() {
            &[]
        } else {
            // SAFETY: the buffer protocol promises that every element that shape and strides lead to lies in memory that
            // stays where it is until the buffer is released, which is when `self` is dropped; `below` and `above` reach to
            // the outermost of them and no further. That nobody writes to the array meanwhile is for the caller to see to,
            // as with hashlib; any bytes are valid.
            unsafe { slice::from_raw_parts(address.sub(below), below + above) }
        };
        let view = ArrayView::strided(bytes, below, shape, strides, self.dtype)
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(if self.is_big_endian {
            view.big_endian()
        } else {
            view
        })
    }
}
