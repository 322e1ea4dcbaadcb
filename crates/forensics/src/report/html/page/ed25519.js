// Ed25519 verification (RFC 8032) with BigInt, and by WebCrypto as well where the browser has it: both must agree.
//
// Strict as the seal's own verifier is: encodings are canonical, `s` is below the group's order, and neither the key nor `R`
// may be of small order.

const ED_P = (1n << 255n) - 19n;
const ED_L = (1n << 252n) + 27742317777372353535851937790883648493n;

function edMod(value) {
  const rest = value % ED_P;
  return rest < 0n ? rest + ED_P : rest;
}

function edPower(base, exponent) {
  let result = 1n;
  for (let factor = edMod(base), left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = result * factor % ED_P;
    factor = factor * factor % ED_P;
  }
  return result;
}

const ED_D = edMod(-121665n * edPower(121666n, ED_P - 2n));
const ED_ROOT = edPower(2n, (ED_P - 1n) / 4n);
const ED_ZERO = [0n, 1n, 1n, 0n];

// Extended coordinates: X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z.
function edAdd([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = edMod((y1 - x1) * (y2 - x2)), b = edMod((y1 + x1) * (y2 + x2));
  const c = edMod(2n * t1 * ED_D % ED_P * t2), d = edMod(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [edMod(e * f), edMod(g * h), edMod(f * g), edMod(e * h)];
}

function edTimes(point, factor) {
  let result = ED_ZERO;
  for (let power = point, left = factor; left > 0n; left >>= 1n) {
    if (left & 1n) result = edAdd(result, power);
    power = edAdd(power, power);
  }
  return result;
}

function edEqual([x1, y1, z1], [x2, y2, z2]) {
  return edMod(x1 * z2 - x2 * z1) === 0n && edMod(y1 * z2 - y2 * z1) === 0n;
}

function edNumber(bytes) {
  return BigInt('0x' + toHex(Uint8Array.from(bytes).reverse()));
}

// The point of these 32 bytes; null if they are none.
function edPoint(bytes) {
  const encoded = edNumber(bytes);
  const sign = encoded >> 255n;
  const y = encoded & ((1n << 255n) - 1n);
  if (y >= ED_P) return null;
  const square = edMod(y * y - 1n) * edPower(ED_D * y * y + 1n, ED_P - 2n) % ED_P;
  let x = edPower(square, (ED_P + 3n) / 8n);
  if (edMod(x * x - square) !== 0n) x = x * ED_ROOT % ED_P;
  if (edMod(x * x - square) !== 0n) return null;
  if (x === 0n && sign === 1n) return null;
  if ((x & 1n) !== sign) x = ED_P - x;
  return [x, y, 1n, edMod(x * y)];
}

const ED_BASE = edPoint(fromHex('5866666666666666666666666666666666666666666666666666666666666666'));

function ed25519Verify(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const a = edPoint(key), r = edPoint(signature.subarray(0, 32)), s = edNumber(signature.subarray(32));
  if (!a || !r || s >= ED_L) return false;
  const isSmall = (point) => edEqual(edTimes(point, 8n), ED_ZERO);
  if (isSmall(a) || isSmall(r)) return false;
  const hashed = new Uint8Array(64 + message.length);
  hashed.set(signature.subarray(0, 32));
  hashed.set(key, 32);
  hashed.set(message, 64);
  const k = edNumber(sha512(hashed)) % ED_L;
  return edEqual(edTimes(ED_BASE, s), edAdd(r, edTimes(a, k)));
}

// Whether it is signed, and by which means that was found.
async function verifySignature(key, message, signature) {
  const isSigned = ed25519Verify(key, message, signature);
  try {
    const imported = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    const isSignedToo = await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, message);
    return { isSigned: isSigned && isSignedToo, by: 'WebCrypto and this page' };
  } catch {
    // No WebCrypto here, or one that does not know Ed25519.
    return { isSigned, by: 'this page' };
  }
}
