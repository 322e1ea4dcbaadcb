// BLAKE3, plain hash mode, as a stream: `update` with any pieces, then `digest`.
//
// The state of a compression lives in sixteen local variables, which engines keep in registers; the message schedule is
// a table. Chaining values of finished subtrees lie on a stack, as in the reference implementation.

const BLAKE3_IV = Uint32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);
const BLAKE3_CHUNK = 1024;
const CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8;

const BLAKE3_ORDER = (() => {
  const permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
  const order = new Uint8Array(7 * 16);
  for (let at = 0; at < 16; at++) order[at] = at;
  for (let at = 16; at < order.length; at++) order[at] = order[at - 16 - (at % 16) + permutation[at % 16]];
  return order;
})();

// Compresses a block into `out`: eight words that chain on.
function blake3Compress(chain, block, from, low, high, length, flags, out) {
  let a0 = chain[0], a1 = chain[1], a2 = chain[2], a3 = chain[3];
  let b0 = chain[4], b1 = chain[5], b2 = chain[6], b3 = chain[7];
  let c0 = BLAKE3_IV[0] | 0, c1 = BLAKE3_IV[1] | 0, c2 = BLAKE3_IV[2] | 0, c3 = BLAKE3_IV[3] | 0;
  let d0 = low | 0, d1 = high | 0, d2 = length, d3 = flags;
  let x = 0;
  for (let s = 0; s < 112; s += 16) {
    a0 = (a0 + b0 + block[from + BLAKE3_ORDER[s]]) | 0; x = d0 ^ a0; d0 = (x >>> 16) | (x << 16);
    c0 = (c0 + d0) | 0; x = b0 ^ c0; b0 = (x >>> 12) | (x << 20);
    a0 = (a0 + b0 + block[from + BLAKE3_ORDER[s + 1]]) | 0; x = d0 ^ a0; d0 = (x >>> 8) | (x << 24);
    c0 = (c0 + d0) | 0; x = b0 ^ c0; b0 = (x >>> 7) | (x << 25);

    a1 = (a1 + b1 + block[from + BLAKE3_ORDER[s + 2]]) | 0; x = d1 ^ a1; d1 = (x >>> 16) | (x << 16);
    c1 = (c1 + d1) | 0; x = b1 ^ c1; b1 = (x >>> 12) | (x << 20);
    a1 = (a1 + b1 + block[from + BLAKE3_ORDER[s + 3]]) | 0; x = d1 ^ a1; d1 = (x >>> 8) | (x << 24);
    c1 = (c1 + d1) | 0; x = b1 ^ c1; b1 = (x >>> 7) | (x << 25);

    a2 = (a2 + b2 + block[from + BLAKE3_ORDER[s + 4]]) | 0; x = d2 ^ a2; d2 = (x >>> 16) | (x << 16);
    c2 = (c2 + d2) | 0; x = b2 ^ c2; b2 = (x >>> 12) | (x << 20);
    a2 = (a2 + b2 + block[from + BLAKE3_ORDER[s + 5]]) | 0; x = d2 ^ a2; d2 = (x >>> 8) | (x << 24);
    c2 = (c2 + d2) | 0; x = b2 ^ c2; b2 = (x >>> 7) | (x << 25);

    a3 = (a3 + b3 + block[from + BLAKE3_ORDER[s + 6]]) | 0; x = d3 ^ a3; d3 = (x >>> 16) | (x << 16);
    c3 = (c3 + d3) | 0; x = b3 ^ c3; b3 = (x >>> 12) | (x << 20);
    a3 = (a3 + b3 + block[from + BLAKE3_ORDER[s + 7]]) | 0; x = d3 ^ a3; d3 = (x >>> 8) | (x << 24);
    c3 = (c3 + d3) | 0; x = b3 ^ c3; b3 = (x >>> 7) | (x << 25);

    a0 = (a0 + b1 + block[from + BLAKE3_ORDER[s + 8]]) | 0; x = d3 ^ a0; d3 = (x >>> 16) | (x << 16);
    c2 = (c2 + d3) | 0; x = b1 ^ c2; b1 = (x >>> 12) | (x << 20);
    a0 = (a0 + b1 + block[from + BLAKE3_ORDER[s + 9]]) | 0; x = d3 ^ a0; d3 = (x >>> 8) | (x << 24);
    c2 = (c2 + d3) | 0; x = b1 ^ c2; b1 = (x >>> 7) | (x << 25);

    a1 = (a1 + b2 + block[from + BLAKE3_ORDER[s + 10]]) | 0; x = d0 ^ a1; d0 = (x >>> 16) | (x << 16);
    c3 = (c3 + d0) | 0; x = b2 ^ c3; b2 = (x >>> 12) | (x << 20);
    a1 = (a1 + b2 + block[from + BLAKE3_ORDER[s + 11]]) | 0; x = d0 ^ a1; d0 = (x >>> 8) | (x << 24);
    c3 = (c3 + d0) | 0; x = b2 ^ c3; b2 = (x >>> 7) | (x << 25);

    a2 = (a2 + b3 + block[from + BLAKE3_ORDER[s + 12]]) | 0; x = d1 ^ a2; d1 = (x >>> 16) | (x << 16);
    c0 = (c0 + d1) | 0; x = b3 ^ c0; b3 = (x >>> 12) | (x << 20);
    a2 = (a2 + b3 + block[from + BLAKE3_ORDER[s + 13]]) | 0; x = d1 ^ a2; d1 = (x >>> 8) | (x << 24);
    c0 = (c0 + d1) | 0; x = b3 ^ c0; b3 = (x >>> 7) | (x << 25);

    a3 = (a3 + b0 + block[from + BLAKE3_ORDER[s + 14]]) | 0; x = d2 ^ a3; d2 = (x >>> 16) | (x << 16);
    c1 = (c1 + d2) | 0; x = b0 ^ c1; b0 = (x >>> 12) | (x << 20);
    a3 = (a3 + b0 + block[from + BLAKE3_ORDER[s + 15]]) | 0; x = d2 ^ a3; d2 = (x >>> 8) | (x << 24);
    c1 = (c1 + d2) | 0; x = b0 ^ c1; b0 = (x >>> 7) | (x << 25);
  }
  out[0] = a0 ^ c0; out[1] = a1 ^ c1; out[2] = a2 ^ c2; out[3] = a3 ^ c3;
  out[4] = b0 ^ d0; out[5] = b1 ^ d1; out[6] = b2 ^ d2; out[7] = b3 ^ d3;
}

class Blake3 {
  constructor() {
    this.stack = [];
    this.words = new Int32Array(BLAKE3_CHUNK / 4);
    this.bytes = new Uint8Array(this.words.buffer);
    this.chain = new Int32Array(8);
    this.filled = 0;
    this.chunks = 0;
  }

  update(input) {
    let at = 0;
    while (at < input.length) {
      if (this.filled === BLAKE3_CHUNK) this.endChunk();
      const take = Math.min(BLAKE3_CHUNK - this.filled, input.length - at);
      this.bytes.set(at === 0 && take === input.length ? input : input.subarray(at, at + take), this.filled);
      this.filled += take;
      at += take;
    }
    return this;
  }

  // The chaining value of the chunk in the buffer; the last block of the last chunk may be the root.
  hashChunk(rootFlag) {
    if (this.filled < BLAKE3_CHUNK) this.bytes.fill(0, this.filled);
    const blocks = Math.max(1, Math.ceil(this.filled / 64));
    const low = this.chunks, high = Math.floor(this.chunks / 4294967296);
    this.chain.set(BLAKE3_IV);
    for (let block = 0; block < blocks; block++) {
      const isLast = block === blocks - 1;
      const length = isLast ? this.filled - block * 64 : 64;
      const flags = (block === 0 ? CHUNK_START : 0) | (isLast ? CHUNK_END | rootFlag : 0);
      blake3Compress(this.chain, this.words, block * 16, low, high, length, flags, this.chain);
    }
    return this.chain.slice();
  }

  endChunk() {
    let node = this.hashChunk(0);
    this.chunks++;
    // As many subtrees are complete as the number of chunks has zeros at its end.
    for (let total = this.chunks; total % 2 === 0; total /= 2) node = blake3Parent(this.stack.pop(), node, 0);
    this.stack.push(node);
    this.filled = 0;
  }

  // 64 hex digits.
  hex() {
    return toHex(this.digest());
  }

  digest() {
    let node = this.hashChunk(this.stack.length === 0 ? ROOT : 0);
    for (let at = this.stack.length - 1; at >= 0; at--) node = blake3Parent(this.stack[at], node, at === 0 ? ROOT : 0);
    return new Uint8Array(Int32Array.from(node).buffer);
  }
}

function blake3Parent(left, right, rootFlag) {
  const block = new Int32Array(16);
  block.set(left);
  block.set(right, 8);
  const out = new Int32Array(8);
  blake3Compress(Int32Array.from(BLAKE3_IV), block, 0, 0, 0, 64, PARENT | rootFlag, out);
  return out;
}

function blake3(...parts) {
  const hash = new Blake3();
  for (const part of parts) hash.update(part);
  return hash.digest();
}
