// The files that an evidence pack holds. The layout is that of `src/pack/mod.rs`.

const PIECE = 4 * 1024 * 1024;

function packIndex() {
  const block = document.getElementById('pack-index');
  return block ? JSON.parse(block.textContent) : null;
}

function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

// The pieces of a file, unpacked one after the other.
function* filePieces(number, size) {
  const block = document.getElementById(`pack-${number}`);
  if (!block) throw new Error('it is not in this page');
  const text = block.textContent;
  let left = size;
  for (let from = text.indexOf('\n') + 1; from > 0 && from < text.length;) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? text.length : end + 1;
    if (line.trim() === '') continue;
    const piece = inflate(fromBase64(line), Math.min(PIECE, left));
    left -= piece.length;
    yield piece;
  }
  if (left !== 0) throw new Error(`${left} bytes are missing`);
}

function wholeFile(number, size) {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of filePieces(number, size)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
