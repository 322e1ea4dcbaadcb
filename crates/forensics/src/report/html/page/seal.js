// Checks a run against its seal. What is signed and hashed are the very bytes of seal.json, line by line, so nothing needs to be
// written anew: see `docs/formats.md`.

const SEAL_MESSAGE = 'telensic-seal-1\n';

// The parts of seal.json as they lie; an error if it is not laid out as a seal.
function parseSeal(bytes) {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const lines = text.split('\n');
  const head = '{"statement":', tail = '"signature":';
  const last = lines.length - 2;
  const isLaidOut = last >= 3 && lines[last + 1] === '' && lines[0].startsWith(head) && lines[0].endsWith(',')
    && lines[1] === '"entries":[' && lines[last - 1] === '],' && lines[last].startsWith(tail) && lines[last].endsWith('}');
  if (!isLaidOut) throw new Error('seal.json is not laid out as a seal');
  const statement = lines[0].slice(head.length, -1);
  const entries = lines.slice(2, last - 1);
  for (let at = 0; at < entries.length - 1; at++) {
    if (!entries[at].endsWith(',')) throw new Error('seal.json is not laid out as a seal');
    entries[at] = entries[at].slice(0, -1);
  }
  if (entries.length === 1 && entries[0] === '') entries.pop();
  const signature = JSON.parse(lines[last].slice(tail.length, -1));
  const seal = { statement, said: JSON.parse(statement), entries, signature };
  seal.said.format_version > 1 && fail(`seal.json has format ${seal.said.format_version}, this page reads 1`);
  seal.read = entries.map((entry) => JSON.parse(entry));
  return seal;
}

function fail(message) {
  throw new Error(message);
}

function merkleRoot(leaves) {
  if (leaves.length === 0) return blake3(new Uint8Array(0));
  if (leaves.length === 1) return leaves[0];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return blake3(Uint8Array.of(1), merkleRoot(leaves.slice(0, half)), merkleRoot(leaves.slice(half)));
}

function sealRoot(seal) {
  const encoder = new TextEncoder();
  return toHex(merkleRoot(seal.entries.map((entry) => blake3(Uint8Array.of(0), encoder.encode(entry)))));
}

async function sealSignature(seal) {
  const message = new TextEncoder().encode(SEAL_MESSAGE + seal.statement);
  return verifySignature(fromHex(seal.said.public_key), message, fromHex(seal.signature));
}

// What is altered in a file, by the sums of its blocks: ranges of bytes.
class BlockSums {
  constructor(content) {
    this.content = content;
    this.crc = -1;
    this.filled = 0;
    this.block = 0;
    this.ranges = [];
  }

  update(bytes) {
    for (let at = 0; at < bytes.length;) {
      const take = Math.min(this.content.block - this.filled, bytes.length - at);
      this.crc = crc32(this.crc, bytes, at, at + take);
      this.filled += take;
      at += take;
      if (this.filled === this.content.block) this.end();
    }
  }

  end() {
    const sum = (~this.crc >>> 0).toString(16).padStart(8, '0');
    const from = this.block * this.content.block;
    if (this.content.crc32.slice(this.block * 8, this.block * 8 + 8) !== sum) {
      const last = this.ranges[this.ranges.length - 1];
      const to = Math.min(from + this.filled, this.content.size);
      if (last && last[1] === from) last[1] = to;
      else this.ranges.push([from, to]);
    }
    this.block++;
    this.crc = -1;
    this.filled = 0;
  }

  finish() {
    if (this.filled > 0) this.end();
    return this.ranges;
  }
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});

function crc32(crc, bytes, from, to) {
  for (let at = from; at < to; at++) crc = CRC_TABLE[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return crc;
}
