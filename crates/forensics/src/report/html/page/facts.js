// The processes with their tapes, and where everything came from.

function processCard(process) {
  const lost = process.lost.map(([reason, number]) => `${count(number)} ${reason}`).join(', ');
  const rows = [
    ['Host, pid', `${process.host}, ${process.pid}`],
    ['Tape', process.tape],
    ['Ended', process.closed ? 'in order' : 'its tape was not closed'],
    ['Last heard of', `${duration(process.last_seen)} after the first record`],
    process.clock_step !== 0 ? ['Clock', `was set by ${duration(Math.abs(process.clock_step))} ${process.clock_step < 0 ? 'back' : 'ahead'}`] : null,
    lost ? ['Lost records', el('span', { class: 'bad' }, lost)] : ['Lost records', 'none'],
    process.unlisted > 0 ? ['Not listed', `${count(process.unlisted)} open spans`] : null,
    ...process.damage.map((damage) => ['Damage', el('span', { class: 'bad' }, damage)]),
    ...attributesOf(process.resource).filter(([key]) => key !== 'service.name').map(([key, value]) => [key, valueNode(value)]),
  ].filter(Boolean);
  return card(process.service || 'unnamed service', '', el('div', { class: 'inner' }, pairs(rows)));
}

const MOST_CARDS = 200;

addView('processes', 'Processes', (view) => {
  const page = el('div', { class: 'page' });
  if (core.unreadable.length > 0) {
    page.append(card('Tapes that cannot be read', '', el('div', { class: 'inner' }, pairs(core.unreadable))));
  }
  if (core.clocks.length > 0) {
    const bound = (nanos) => (nanos === null ? 'unbounded' : `${nanos < 0 ? '\u2212' : '+'}${duration(Math.abs(nanos))}`);
    page.append(card('Clocks', 'bounds from spans that cross hosts; no time was rewritten', el('div', { class: 'inner' },
      pairs(core.clocks.map((clock) => [clock.host, `ahead of ${clock.reference} by ${bound(clock.ahead.least)} to ${bound(clock.ahead.most)} (${counted(clock.crossings, 'crossing')})`])))));
  }
  page.append(el('div', { class: 'two' }, core.processes.slice(0, MOST_CARDS).map(processCard)));
  if (core.processes.length > MOST_CARDS) page.append(el('p', { class: 'muted' }, `and ${count(core.processes.length - MOST_CARDS)} more`));
  view.append(page);
}, { count: core.processes.length, bad: core.unreadable.length > 0 });

// Any JSON as nested pairs; lists of things one below the other.
function jsonNode(value) {
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    if (value.every((item) => item === null || typeof item !== 'object')) return value.join(', ');
    return value.slice(0, MOST_CARDS).map((item) => el('div', { class: 'trail' }, jsonNode(item)));
  }
  if (value !== null && typeof value === 'object') return pairs(Object.entries(value).map(([key, inner]) => [key, jsonNode(inner)]));
  return value === null ? '-' : String(value);
}

addView('provenance', 'Provenance', (view) => {
  const page = el('div', { class: 'page' }, card('Manifest', 'run.json', el('div', { class: 'inner' }, jsonNode(core.run))));
  if (!core.provenance) page.append(card('Provenance', '', el('p', { class: 'empty' }, 'No provenance was recorded.')));
  else {
    const plain = {}, parts = [];
    for (const [key, value] of Object.entries(core.provenance)) {
      if (value !== null && typeof value === 'object') parts.push(card(sentence(key.replaceAll('_', ' ')), '', el('div', { class: 'inner' }, jsonNode(value))));
      else plain[key] = value;
    }
    page.append(card('Provenance', 'data/provenance.json', el('div', { class: 'inner' }, jsonNode(plain))), ...parts);
  }
  view.append(page);
});
