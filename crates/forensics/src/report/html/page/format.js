// Numbers, times and bytes as people read them.

function duration(nanos) {
  if (!(nanos >= 0)) return '-';
  if (nanos < 1e3) return `${nanos} ns`;
  if (nanos < 1e6) return `${short(nanos / 1e3)} \u00b5s`;
  if (nanos < 1e9) return `${short(nanos / 1e6)} ms`;
  if (nanos < 60e9) return `${short(nanos / 1e9)} s`;
  const seconds = Math.round(nanos / 1e9);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${pad(Math.floor(seconds / 60) % 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds / 3600) % 24} h`;
}

function short(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function pad(value, width = 2) {
  return String(value).padStart(width, '0');
}

function count(value) {
  return value.toLocaleString('en-US');
}

function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

function percent(share) {
  const value = share * 100;
  return `${value >= 10 || value === 0 ? value.toFixed(0) : value.toFixed(1)} %`;
}

function bytes(value) {
  if (value < 1024) return `${value} B`;
  if (value < 1024 * 1024) return `${short(value / 1024)} KiB`;
  if (value < 1024 * 1024 * 1024) return `${short(value / 1024 / 1024)} MiB`;
  return `${short(value / 1024 / 1024 / 1024)} GiB`;
}

// An instant in UTC, to the microsecond, from Unix nanoseconds.
function instant(unix) {
  const micros = BigInt(unix) / 1000n;
  const text = new Date(Number(micros / 1000n)).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)}.${pad(micros % 1000000n, 6)}`;
}

function toHex(bytes) {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

function fromHex(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error('not hexadecimal');
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(at * 2, at * 2 + 2), 16));
}

// A recorded value in one line.
function valueText(value) {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
