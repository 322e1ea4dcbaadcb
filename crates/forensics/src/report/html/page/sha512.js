// SHA-512 (FIPS 180-4) with BigInt: for the short message of a signature, where WebCrypto is not there.

const SHA512_MASK = (1n << 64n) - 1n;

// The first 64 bits of the fractional parts of square and cube roots of primes, as the standard defines the constants.
const [SHA512_START, SHA512_ROUND] = (() => {
  const primes = [];
  for (let number = 2; primes.length < 80; number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  const root = (value, power) => {
    let low = 0n, high = 1n << 80n;
    while (low < high) {
      const middle = (low + high + 1n) >> 1n;
      if (middle ** power <= value) low = middle;
      else high = middle - 1n;
    }
    return low;
  };
  const fraction = (prime, power) => root(BigInt(prime) << (64n * power), power) & SHA512_MASK;
  return [primes.slice(0, 8).map((prime) => fraction(prime, 2n)), primes.map((prime) => fraction(prime, 3n))];
})();

function sha512(message) {
  const padded = new Uint8Array(Math.ceil((message.length + 17) / 128) * 128);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  const rotate = (word, by) => ((word >> by) | (word << (64n - by))) & SHA512_MASK;
  const state = SHA512_START.slice();
  for (let from = 0; from < padded.length; from += 128) {
    const words = [];
    for (let at = 0; at < 80; at++) {
      if (at < 16) { words.push(view.getBigUint64(from + at * 8)); continue; }
      const near = words[at - 2], far = words[at - 15];
      const s1 = rotate(near, 19n) ^ rotate(near, 61n) ^ (near >> 6n);
      const s0 = rotate(far, 1n) ^ rotate(far, 8n) ^ (far >> 7n);
      words.push((words[at - 16] + s0 + words[at - 7] + s1) & SHA512_MASK);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 80; at++) {
      const s1 = rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n);
      const first = (h + s1 + ((e & f) ^ (~e & SHA512_MASK & g)) + SHA512_ROUND[at] + words[at]) & SHA512_MASK;
      const s0 = rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n);
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) & SHA512_MASK;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & SHA512_MASK, c, b, a, (first + second) & SHA512_MASK];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => { state[at] = (state[at] + word) & SHA512_MASK; });
  }
  const digest = new DataView(new ArrayBuffer(64));
  state.forEach((word, at) => digest.setBigUint64(at * 8, word));
  return new Uint8Array(digest.buffer);
}
