// Errors, events and logs.

function levelOf(severity) {
  const names = ['', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  return names[Math.ceil(severity / 4)] || '';
}

function timeCell(record) {
  return duration(record.time);
}

function errorRows() {
  if (core.health && core.health.errors.length > 0) {
    return core.health.errors.map((error) => ({ ...error, span: spans.find(error.first.span_id), time: error.first_unix_nano - Number(core.origin) }));
  }
  const rows = [];
  for (let span = 0; span < spans.size; span++) {
    if (!spans.isError(span)) continue;
    const failing = spans.children(span).some((child) => spans.isError(child));
    if (failing) continue;
    const { message, events } = detailsOf(span);
    const exception = Object.fromEntries(events.find((event) => event.name === 'exception')?.attributes || []);
    rows.push({ span, span_name: spans.label(span), time: spans.start[span], count: 1, caught: 0, stages: [], chain: [], caused_by: [],
      exception_type: exception['exception.type'] || '', cause: message || exception['exception.message'] || 'no reason was recorded' });
  }
  return rows;
}

function openError(error) {
  const chain = error.chain.length > 1 ? [el('h3', {}, 'From the outermost failing span down'), error.chain.map((name) => trail(name, '', [], true))] : null;
  const causes = error.caused_by.length > 0 ? [el('h3', {}, 'Caused by'), error.caused_by.map((cause) => trail(cause, '', [], true))] : null;
  openPanel(error.span_name, pairs([
    ['Cause', error.cause],
    error.exception_type ? ['Exception', error.exception_type] : null,
    error.message ? ['Message', error.message] : null,
    ['Seen', counted(error.count, 'time') + (error.caught ? `, ${count(error.caught)} caught` : '')],
    error.stages.length > 0 ? ['Stages', error.stages.join(', ')] : null,
    error.span >= 0 ? ['First', spanLink(error.span)] : null,
  ].filter(Boolean)), chain, causes);
}

const failedSpans = core.health ? core.health.error_spans : countErrors();

addView('errors', 'Errors', (view) => {
  const rows = errorRows();
  if (rows.length === 0) {
    view.append(el('p', { class: 'empty' }, 'No span failed.'));
    return;
  }
  const list = new List([
    { title: 'First', width: '84px', class: 'number', cell: timeCell, sort: (row) => row.time },
    { title: 'Span', width: 'minmax(110px, 1fr)', class: 'mono', cell: (row) => row.span_name, sort: (row) => row.span_name },
    { title: 'Cause', width: 'minmax(120px, 2.2fr)', cell: (row) => row.cause, sort: (row) => row.cause },
    { title: 'Times', width: '60px', class: 'number', cell: (row) => count(row.count), sort: (row) => row.count },
    { title: 'Caught', width: '60px', class: 'number', wide: true, cell: (row) => (row.caught ? count(row.caught) : '-'), sort: (row) => row.caught },
    { title: 'Stages', width: 'minmax(80px, .8fr)', wide: true, cell: (row) => row.stages.join(', ') },
  ], { label: 'Errors by cause', open: openError });
  styled(list.element, { flex: '1' });
  list.setRows(rows);
  view.append(list.element);
}, { full: true, count: failedSpans, bad: failedSpans > 0 });

// A list with a filter and a search, both in the address.
function recordView(id, { rows, columns, choices, chosen, matches, title, total, open, placeholder }) {
  return (view) => {
    const all = rows();
    const list = new List(columns, { label: title, open });
    const says = el('span', { class: 'note', 'aria-live': 'polite' });
    const choose = el('select', { 'aria-label': 'Filter', onchange: () => filter(true) }, choices(all).map(([value, text]) => el('option', { value }, text)));
    const search = el('input', { type: 'search', placeholder, 'aria-label': placeholder, oninput: later(() => filter(true)) });
    let texts = null;
    function filter(tells) {
      const wanted = search.value.trim().toLowerCase();
      if (wanted !== '' && texts === null) texts = all.map((row) => matches(row).toLowerCase());
      const found = all.filter((row, at) => chosen(row, choose.value) && (wanted === '' || texts[at].includes(wanted)));
      list.setRows(found);
      says.textContent = found.length === all.length ? counted(all.length, 'record') : `${count(found.length)} of ${counted(all.length, 'record')}`;
      if (all.length < total) says.textContent += `; ${count(total)} were recorded, the most severe and latest are in this page`;
      if (tells) note(id, { type: choose.value, q: search.value });
    }
    styled(list.element, { flex: '1' });
    view.append(el('div', { class: 'toolbar' }, search, choose, says), list.element);
    return ({ type = '', q = '' }) => {
      choose.value = type;
      if (choose.selectedIndex < 0) choose.value = '';
      search.value = q;
      filter(false);
    };
  };
}

function summaryOf(event) {
  return event.attributes.filter(([key]) => key !== 'thread.id').map(([key, value]) => `${key}=${valueText(value)}`).join('  ');
}

const spanColumn = { title: 'Span', width: 'minmax(80px, .7fr)', class: 'mono', wide: true, cell: (row) => (row.span >= 0 ? spans.label(row.span) : '') };

addView('events', 'Events', recordView('events', {
  title: 'Events', placeholder: 'Search events  ( / )', total: core.events.total, rows: allEvents, open: (event) => openRecord(event, event.name),
  columns: [
    { title: 'Time', width: '84px', class: 'number', cell: timeCell, sort: (row) => row.time },
    { title: 'Type', width: 'minmax(110px, .8fr)', class: 'mono', cell: (row) => row.name, sort: (row) => row.name },
    { title: 'Fields', width: 'minmax(100px, 3fr)', class: 'mono', cell: summaryOf },
    spanColumn,
  ],
  choices: (all) => {
    const counts = new Map();
    for (const { name } of all) counts.set(name, (counts.get(name) || 0) + 1);
    return [['', 'All types'], ...[...counts].sort().map(([name, number]) => [name, `${name} (${count(number)})`])];
  },
  chosen: (row, type) => type === '' || row.name === type,
  matches: (row) => `${row.name} ${summaryOf(row)} ${valueText(row.body)}`,
}), { full: true, count: core.events.total });

addView('logs', 'Logs', recordView('logs', {
  title: 'Logs', placeholder: 'Search logs  ( / )', total: core.logs.total, rows: allLogs, open: (log) => openRecord(log, `${levelOf(log.severity) || 'log'} record`),
  columns: [
    { title: 'Time', width: '84px', class: 'number', cell: timeCell, sort: (row) => row.time },
    { title: 'Level', width: '52px', cell: (row) => el('span', { class: `level ${{ fatal: 'error' }[levelOf(row.severity)] || levelOf(row.severity)}` }, levelOf(row.severity)), sort: (row) => row.severity },
    { title: 'Message', width: 'minmax(100px, 3.4fr)', cell: (row) => [valueText(row.body), row.attributes.length > 1 ? el('span', { class: 'muted' }, `   ${summaryOf(row)}`) : null] },
    { title: 'Service', width: 'minmax(70px, .6fr)', wide: true, cell: (row) => core.processes[row.process]?.service || '' },
    spanColumn,
  ].map((column) => ({ ...column, cell: (row) => [column.cell(row)].flat() })),
  choices: () => [['', 'All levels'], ['5', 'Debug and above'], ['9', 'Info and above'], ['13', 'Warnings and above'], ['17', 'Errors']],
  chosen: (row, least) => row.severity >= Number(least),
  matches: (row) => `${valueText(row.body)} ${summaryOf(row)} ${row.scope}`,
}), { full: true, count: core.logs.total });
