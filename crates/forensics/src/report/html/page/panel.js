// The panel beside the view: everything that was recorded of one span, event or log record.

let panelReturn = null;

function openPanel(title, ...children) {
  const panel = byId('panel');
  if (panel.hidden) panelReturn = document.activeElement;
  const close = el('button', { type: 'button', class: 'quiet', 'aria-label': 'Close (Escape)', title: 'Close (Escape)', onclick: closePanel }, '\u2715');
  panel.replaceChildren(el('div', { class: 'title' }, el('h2', {}, title), close), ...children.flat(Infinity).filter(Boolean));
  panel.hidden = false;
  panel.scrollTop = 0;
}

function closePanel() {
  byId('panel').hidden = true;
  panelReturn?.focus?.();
  panelReturn = null;
}

// A value: text as it is, lists and maps below one another.
function valueNode(value) {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => typeof item !== 'object') ? value.join(', ') : JSON.stringify(value);
  if (value !== null && typeof value === 'object') return pairs(Object.entries(value).map(([key, inner]) => [key, valueNode(inner)]));
  return valueText(value);
}

function attributeList(attributes) {
  return pairs(attributes.map(([key, value]) => [key, valueNode(value)]));
}

function spanLink(span) {
  return el('a', { href: linkTo('timeline', { span: spans.id(span) }) }, spans.label(span));
}

function processText(number) {
  const process = core.processes[number];
  return process ? `${process.service || 'unnamed service'} on ${process.host}, pid ${process.pid}` : '';
}

const MOST_TRAILS = 100;

function openSpan(span) {
  const { attributes, events, links, message, dropped } = detailsOf(span);
  const onPath = critical.of(span).reduce((sum, segment) => sum + segment.duration, 0);
  const above = [];
  for (let at = spans.parent[span]; at >= 0 && above.length < 12; at = spans.parent[at]) above.unshift(spanLink(at));
  const facts = [
    ['Status', spans.status(span) + (message ? `: ${message}` : '')],
    ['Start', `${duration(spans.start[span])} after the first, ${instant(unixOf(spans.start[span]))} UTC`],
    ['Duration', duration(spans.duration[span]) + (spans.isOpen(span) ? ' until its process was last heard of' : '')],
    ['Self time', duration(selfTime(span))],
    onPath > 0 ? ['Critical path', `${duration(onPath)} of it`] : null,
    ['Process', processText(spans.process[span])],
    ['Scope', texts[spans.scope[span]]],
    ['Kind, thread', `${spans.kind(span) || 'unset'}, ${spans.thread[span]}`],
    ['Trace', spans.traceId(span)],
    ['Span', spans.id(span)],
    spans.isOrphan(span) ? ['Orphan', 'its parent is on no tape of this run'] : null,
    dropped.some((number) => number > 0) ? ['Cut by limits', `${dropped[0]} attributes, ${dropped[1]} events, ${dropped[2]} links`] : null,
  ].filter(Boolean);
  const said = recordsIn(span);
  openPanel(spans.label(span),
    above.length > 0 ? el('p', { class: 'crumbs' }, above.flatMap((link, at) => (at === 0 ? [link] : [' / ', link]))) : null,
    pairs(facts),
    attributes.length > 0 ? [el('h3', {}, 'Attributes'), attributeList(attributes)] : null,
    events.length > 0 ? [el('h3', {}, 'Span events'), events.slice(0, MOST_TRAILS).map((event) => trail(event.name, `${duration(event.after)} after its start`, event.attributes, event.name === 'exception')), rest(events)] : null,
    links.length > 0 ? [el('h3', {}, 'Links'), links.slice(0, MOST_TRAILS).map((link) => trail(linkName(link.id), `trace ${link.trace}`, link.attributes)), rest(links)] : null,
    said.length > 0 ? [el('h3', {}, 'Events and logs'), said.slice(0, MOST_TRAILS).map((record) => trail(record.name || valueText(record.body), `${duration(record.time - spans.start[span])} after its start`, record.attributes, record.severity >= 17)), rest(said)] : null);
}

function linkName(id) {
  const found = spans.find(id);
  return found >= 0 ? spanLink(found) : id;
}

function rest(list) {
  return list.length > MOST_TRAILS ? el('p', { class: 'muted' }, `and ${count(list.length - MOST_TRAILS)} more`) : null;
}

function trail(name, when, attributes, isError = false) {
  return el('div', { class: isError ? 'trail error' : 'trail' }, el('div', {}, name), el('div', { class: 'when' }, when),
    attributes.length > 0 ? attributeList(attributes) : null);
}

// The events and log records made in each span; gathered once.
let bySpan = null;
function recordsIn(span) {
  if (bySpan === null) {
    bySpan = new Map();
    for (const record of [...allEvents(), ...allLogs()]) {
      if (record.span < 0) continue;
      if (!bySpan.has(record.span)) bySpan.set(record.span, []);
      bySpan.get(record.span).push(record);
    }
    for (const records of bySpan.values()) records.sort((a, b) => a.time - b.time);
  }
  return bySpan.get(span) || [];
}

function openRecord(record, title) {
  openPanel(title, pairs([
    ['Time', `${duration(record.time)} after the first, ${instant(unixOf(record.time))} UTC`],
    ['Process', processText(record.process)],
    record.scope ? ['Scope', record.scope] : null,
    record.span >= 0 ? ['Span', spanLink(record.span)] : null,
  ].filter(Boolean)),
  record.body !== null && record.body !== '' ? [el('h3', {}, 'Message'), el('pre', {}, valueText(record.body))] : null,
  record.attributes.length > 0 ? [el('h3', {}, record.name ? 'Fields' : 'Attributes'), attributeList(record.attributes)] : null);
}
