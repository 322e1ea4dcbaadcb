//! Random numbers out of a seed: the same seed gives the same bytes on every machine.
//!
//! The random bits come from ChaCha8, which is defined by its specification. They become numbers by additions, multiplications,
//! divisions and square roots, which IEEE 754 defines to the last bit, and by functions of the crate `libm`, which is Rust
//! alone: no C library of the machine has a say.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Random numbers of a stream. Whatever needs some has a stream of its own, so that one more leaves the others as they are.
#[derive(Clone, Debug)]
pub struct Random(ChaCha8Rng);

impl Random {
    /// This stream of a seed's.
    pub fn of(seed: u64, stream: u64) -> Self {
        let mut bits = ChaCha8Rng::seed_from_u64(seed);
        bits.set_stream(stream);
        Self(bits)
    }

    /// In [0, 1), of 53 bits.
    pub fn uniform(&mut self) -> f64 {
        const UNIT: f64 = 1.0 / 9_007_199_254_740_992.0;
        (self.0.next_u64() >> 11) as f64 * UNIT
    }

    /// Normal, by Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// Student's t with five degrees of freedom: a normal over the root of five squared ones' mean.
    pub fn student_t5(&mut self) -> f64 {
        let normal = self.normal();
        let squares: f64 = (0..5)
            .map(|_| {
                let one = self.normal();
                one * one
            })
            .sum();
        normal / (squares / 5.0).sqrt()
    }

    /// The logarithm of one of a gamma distribution of this shape, by Marsaglia and Tsang (2000). Of a small shape the
    /// number itself would often be too small to be told from 0.
    pub fn log_gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let larger = self.log_gamma(shape + 1.0);
            return larger + libm::log(1.0 - self.uniform()) / shape;
        }
        let scale = shape - 1.0 / 3.0;
        loop {
            let normal = self.normal();
            let root = 1.0 + normal / (9.0 * scale).sqrt();
            if root <= 0.0 {
                continue;
            }
            let (cube, log_cube) = (root * root * root, 3.0 * libm::log(root));
            let bound = 0.5 * normal * normal + scale * (1.0 - cube + log_cube);
            if libm::log(1.0 - self.uniform()) < bound {
                return libm::log(scale) + log_cube;
            }
        }
    }
}
