// Runs the page's checks on the vectors, and puts what came of it into the document.

(async () => {
  const { blake3: hashes, signed, packed } = JSON.parse(document.getElementById('vectors').textContent);
  const wrong = [];
  for (const [length, expected, crc] of hashes) {
    const input = Uint8Array.from({ length }, (_, at) => at % 251);
    if (new Blake3().update(input).hex() !== expected) wrong.push(`blake3 of ${length}`);
    // In pieces of odd sizes, as files come.
    const stream = new Blake3();
    for (let at = 0, step = 1; at < length; at += step, step = (step * 7) % 1531 + 1) stream.update(input.subarray(at, at + step));
    if (stream.hex() !== expected) wrong.push(`blake3 of ${length} in pieces`);
    if (~crc32(-1, input, 0, length) >>> 0 !== crc) wrong.push(`crc32 of ${length}`);
  }
  for (const [key, message, signature] of signed) {
    const given = [fromHex(key), fromHex(message), fromHex(signature)];
    const { isSigned } = await verifySignature(...given);
    if (!isSigned || !ed25519Verify(...given)) wrong.push(`signature of ${message}`);
    const isFooled = (at, part) => {
      const altered = given.map((bytes) => bytes.slice());
      altered[part][at] ^= 1;
      return ed25519Verify(...altered);
    };
    for (const at of [0, 31, 32, 63]) if (isFooled(at, 2)) wrong.push(`altered signature of ${message} at ${at}`);
    if (isFooled(3, 0)) wrong.push(`another key for ${message}`);
    if (given[1].length > 0 && isFooled(0, 1)) wrong.push(`altered message ${message}`);
  }
  // A key of small order signs everything.
  const nobody = new Uint8Array(32), nothing = new Uint8Array(64);
  nobody[0] = nothing[0] = 1;
  if (ed25519Verify(nobody, new Uint8Array(3), nothing)) wrong.push('a key of small order');
  for (const [text, length, expected] of packed) {
    const bytes = fromBase64(text);
    if (toHex(blake3(inflate(bytes, length))) !== expected) wrong.push(`a piece of ${length}`);
    for (const broken of [() => inflate(bytes.subarray(0, bytes.length - 1), length), () => inflate(bytes, length - 1)]) {
      let fails = false;
      try {
        fails = broken().length !== length;
      } catch {
        fails = true;
      }
      // Of some pieces the last byte holds nothing but padding; but none may give other bytes.
      if (!fails && toHex(blake3(broken())) !== expected) wrong.push(`a broken piece of ${length}`);
    }
  }
  document.documentElement.dataset.drawn = '0';
  document.documentElement.dataset.outcome = `${hashes.length} hashes, ${signed.length} signatures, ${packed.length} pieces, ${wrong.length} wrong`;
  document.documentElement.dataset.wrong = wrong.join('; ');
})();
