// The record in memory: columns of numbers, texts by number. Details of single records are parsed when they are asked for.

const core = JSON.parse(byId('core').textContent);
const texts = JSON.parse(byId('dictionary').textContent);

const spans = (() => {
  const source = core.spans, size = source.shown;
  const column = (given, type) => (typeof given === 'number' ? new type(size).fill(given) : type.from(given));
  const start = column(source.start, Float64Array);
  for (let at = 1; at < size; at++) start[at] += start[at - 1];
  const columns = {
    size,
    total: source.total,
    start,
    duration: column(source.duration, Float64Array),
    name: column(source.name, Uint32Array),
    scope: column(source.scope, Uint32Array),
    // From 1 in the page, from 0 here; -1 is none.
    parent: column(source.parent, Int32Array).map((place) => place - 1),
    process: column(source.process, Uint32Array),
    thread: column(source.thread, Uint32Array),
    flags: column(source.flags, Uint32Array),
    trace: column(source.trace, Uint32Array),
  };
  // The children of each, by start: offsets into one list.
  const offsets = new Uint32Array(size + 2);
  for (let at = 0; at < size; at++) offsets[columns.parent[at] + 2]++;
  for (let at = 1; at < offsets.length; at++) offsets[at] += offsets[at - 1];
  const children = new Uint32Array(size);
  const next = offsets.slice();
  for (let at = 0; at < size; at++) children[next[columns.parent[at] + 1]++] = at;
  return Object.assign(columns, {
    // Of -1: the roots.
    children: (span) => children.subarray(offsets[span + 1], offsets[span + 2]),
    label: (span) => texts[columns.name[span]],
    id: (span) => source.ids.slice(span * 16, span * 16 + 16),
    traceId: (span) => source.traces[columns.trace[span]],
    isError: (span) => (columns.flags[span] & 3) === 2,
    isOpen: (span) => (columns.flags[span] & 4) !== 0,
    isOrphan: (span) => (columns.flags[span] & 8) !== 0,
    status: (span) => (columns.flags[span] & 4 ? 'open' : ['unset', 'ok', 'error', 'unset'][columns.flags[span] & 3]),
    kind: (span) => ['', 'internal', 'server', 'client', 'producer', 'consumer'][columns.flags[span] >> 4] || '',
    find: (id) => {
      for (let at = source.ids.indexOf(id); at >= 0; at = source.ids.indexOf(id, at + 1)) {
        if (at % 16 === 0) return at / 16;
      }
      return -1;
    },
  });
})();

// Segments of the critical path: span, from, duration.
const critical = (() => {
  const list = [], bySpan = new Map();
  for (let at = 0; at < core.critical.length; at += 3) {
    const segment = { span: core.critical[at] - 1, from: core.critical[at + 1], duration: core.critical[at + 2] };
    list.push(segment);
    if (segment.span < 0) continue;
    if (!bySpan.has(segment.span)) bySpan.set(segment.span, []);
    bySpan.get(segment.span).push(segment);
  }
  return { list, of: (span) => bySpan.get(span) || [] };
})();

// A block of lines; where each begins is found out once.
function linesOf(id) {
  let text = null, starts = null;
  const read = () => {
    if (text !== null) return;
    text = byId(id).textContent;
    starts = [];
    for (let at = 1; at < text.length; at = text.indexOf('\n', at) + 1) starts.push(at);
    starts.push(text.length);
  };
  return {
    size: () => (read(), starts.length - 1),
    text: (line) => (read(), text.slice(starts[line], starts[line + 1] - 1)),
    // The lines that contain this text, whatever its case.
    matching: (wanted) => {
      read();
      const all = text.toLowerCase(), found = [];
      let line = 0;
      if (all.length !== text.length) {
        // A few letters become longer, so places differ: line by line then.
        return starts.slice(0, -1).map((_, at) => at).filter((at) => text.slice(starts[at], starts[at + 1]).toLowerCase().includes(wanted));
      }
      for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, starts[line + 1])) {
        while (starts[line + 1] <= at) line++;
        found.push(line);
      }
      return found;
    },
  };
}

const detailLines = linesOf('details'), eventLines = linesOf('events'), logLines = linesOf('logs');

function attributesOf(flat) {
  const found = [];
  for (let at = 0; at < flat.length; at += 2) found.push([texts[flat[at]], flat[at + 1]]);
  return found;
}

function detailsOf(span) {
  const [flat = [], events = [], links = [], message = '', dropped = [0, 0, 0]] = JSON.parse(detailLines.text(span));
  return {
    attributes: attributesOf(flat),
    events: events.map(([after, name, attributes]) => ({ after, name, attributes: attributesOf(attributes) })),
    links: links.map(([trace, id, attributes]) => ({ trace, id, attributes: attributesOf(attributes) })),
    message,
    dropped,
  };
}

// Reads all lines once, and keeps them.
function recordsOf(lines, read) {
  let rows = null;
  return () => {
    if (rows === null) rows = Array.from({ length: lines.size() }, (_, line) => read(JSON.parse(lines.text(line))));
    return rows;
  };
}

const allEvents = recordsOf(eventLines, ([time, name, process, span, flat, body]) => (
  { time, name: texts[name], process, span: span - 1, attributes: attributesOf(flat), body }
));
const allLogs = recordsOf(logLines, ([time, severity, process, span, body, flat, scope]) => (
  { time, severity, process, span: span - 1, body, attributes: attributesOf(flat), scope: texts[scope] }
));

function unixOf(offset) {
  return BigInt(core.origin) + BigInt(Math.round(offset));
}

// The part of a span in which none of its children ran, for all spans; computed when first asked for.
let selfTimes = null;
function selfTime(span) {
  if (selfTimes === null) {
    selfTimes = new Float64Array(spans.size);
    for (let at = 0; at < spans.size; at++) {
      const from = spans.start[at], to = from + spans.duration[at];
      let covered = 0, until = from;
      for (const child of spans.children(at)) {
        const begins = Math.max(spans.start[child], until), ends = Math.min(spans.start[child] + spans.duration[child], to);
        if (ends > begins) {
          covered += ends - begins;
          until = ends;
        }
      }
      selfTimes[at] = to - from - covered;
    }
  }
  return selfTimes[span];
}
