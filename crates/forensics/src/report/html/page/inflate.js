// Raw DEFLATE (RFC 1951), all of it, for pieces whose unpacked size is known to be bounded.
//
// Browsers have DecompressionStream, but not all of them, and not for a synchronous caller: one way that works everywhere
// is also the one that the tests run.

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// Canonical Huffman code as a table of 2^15 entries: symbol << 4 | length, found by the next 15 bits as they come.
function huffmanTable(lengths) {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  const next = new Uint16Array(17);
  let left = 1;
  for (let bits = 1; bits <= 15; bits++) {
    next[bits + 1] = (next[bits] + counts[bits]) << 1;
    left = (left << 1) - counts[bits];
    if (left < 0) throw new Error('a code has too many symbols');
  }
  let width = 15;
  while (width > 1 && counts[width] === 0) width--;
  const table = new Uint16Array(1 << width);
  const code = next.slice(0, 17);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length === 0) continue;
    let reversed = 0;
    for (let bit = 0, value = code[length]; bit < length; bit++, value >>= 1) reversed = (reversed << 1) | (value & 1);
    code[length]++;
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
  }
  return table;
}

let fixedTables = null;
function fixed() {
  if (!fixedTables) {
    const lengths = new Uint8Array(288).fill(8);
    lengths.fill(9, 144, 256);
    lengths.fill(7, 256, 280);
    fixedTables = [huffmanTable(lengths), huffmanTable(new Uint8Array(30).fill(5))];
  }
  return fixedTables;
}

// The bytes that `input` unpacks to; an error if it is not DEFLATE, or more than `most` bytes.
function inflate(input, most) {
  let output = new Uint8Array(Math.min(most, Math.max(1024, input.length * 4)));
  let at = 0, bits = 0, count = 0, written = 0;

  function fill(need) {
    while (count < need) {
      // Behind the end come zeros for a look ahead; taking them is an error.
      bits |= (at < input.length ? input[at] : 0) << count;
      at++;
      count += 8;
    }
  }
  function take(need) {
    if (need === 0) return 0;
    fill(need);
    const value = bits & ((1 << need) - 1);
    bits >>>= need;
    count -= need;
    if (at - (count >> 3) > input.length) throw new Error('it ends early');
    return value;
  }
  function symbol(table) {
    fill(15);
    const entry = table[bits & (table.length - 1)];
    const length = entry & 15;
    if (length === 0) throw new Error('a code that is none');
    bits >>>= length;
    count -= length;
    if (at - (count >> 3) > input.length) throw new Error('it ends early');
    return entry >> 4;
  }
  function room(need) {
    if (written + need > most) throw new Error('it is larger than it says');
    if (written + need <= output.length) return;
    const larger = new Uint8Array(Math.min(most, Math.max(output.length * 2, written + need)));
    larger.set(output);
    output = larger;
  }
  function stored() {
    bits >>>= count & 7;
    count -= count & 7;
    const length = take(16);
    if ((take(16) ^ 0xffff) !== length) throw new Error('a stored block contradicts itself');
    at -= count >> 3;
    bits = count = 0;
    if (at + length > input.length) throw new Error('it ends early');
    room(length);
    output.set(input.subarray(at, at + length), written);
    at += length;
    written += length;
  }
  function dynamic() {
    const literals = take(5) + 257, distances = take(5) + 1, codes = take(4) + 4;
    const lengths = new Uint8Array(19);
    for (let index = 0; index < codes; index++) lengths[LENGTH_ORDER[index]] = take(3);
    const table = huffmanTable(lengths);
    const all = new Uint8Array(literals + distances);
    let filled = 0;
    while (filled < all.length) {
      const code = symbol(table);
      if (code < 16) { all[filled++] = code; continue; }
      const value = code === 16 ? all[filled - 1] : 0;
      const repeat = code === 16 ? 3 + take(2) : code === 17 ? 3 + take(3) : 11 + take(7);
      if ((code === 16 && filled === 0) || filled + repeat > all.length) throw new Error('a length repeated too often');
      all.fill(value, filled, filled + repeat);
      filled += repeat;
    }
    return [huffmanTable(all.subarray(0, literals)), huffmanTable(all.subarray(literals))];
  }
  function compressed([literals, distances]) {
    for (;;) {
      let code = symbol(literals);
      if (code < 256) {
        if (written === output.length) room(1);
        output[written++] = code;
        continue;
      }
      if (code === 256) return;
      code -= 257;
      if (code >= 29) throw new Error('a length that is none');
      const length = LENGTH_BASE[code] + take(LENGTH_BITS[code]);
      const far = symbol(distances);
      if (far >= 30) throw new Error('a distance that is none');
      const distance = DISTANCE_BASE[far] + take(DISTANCE_BITS[far]);
      if (distance > written) throw new Error('a distance before the start');
      room(length);
      const from = written - distance;
      if (distance === 1) output.fill(output[from], written, written + length);
      else if (distance >= length) output.copyWithin(written, from, from + length);
      else for (let index = 0; index < length; index++) output[written + index] = output[from + index];
      written += length;
    }
  }
  for (;;) {
    const isLast = take(1);
    const kind = take(2);
    if (kind === 0) stored();
    else if (kind === 1) compressed(fixed());
    else if (kind === 2) compressed(dynamic());
    else throw new Error('a block of no kind');
    if (isLast) return output.subarray(0, written);
  }
}
