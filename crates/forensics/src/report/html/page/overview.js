// The first view: how the run ended, where its time went, what is wrong with it.

function verdictOf() {
  const { run, health } = core;
  const failed = health ? health.error_spans : countErrors();
  const wall = duration(health ? health.wall_ns : core.extent);
  const said = {
    succeeded: ['Succeeded', `in ${wall}`],
    failed: ['Failed', `after ${wall}`],
    interrupted: ['Interrupted', `after ${wall}`],
    crashed: ['Crashed', `after ${wall}`],
    running: ['Not finished', `last heard of after ${wall}`],
  }[run.status] || [run.status, wall];
  const parts = [];
  if (failed > 0) parts.push(health ? `${counted(failed, 'span')} failed, of ${counted(health.error_causes, 'cause')}` : `${counted(failed, 'span')} failed`);
  if (health) {
    const slowest = health.stages.reduce((most, stage) => (most && most.path_ns >= stage.path_ns ? most : stage), null);
    if (slowest && slowest.path_ns > 0) parts.push(`${slowest.id} decided most of the time (${percent(slowest.path_ns / Math.max(1, health.wall_ns))} of the critical path)`);
  }
  const gaps = core.notes.filter(([kind]) => kind === 'gap').length;
  if (gaps > 0) parts.push(`${counted(gaps, 'gap')} in the record`);
  const odd = core.notes.length - gaps;
  if (odd > 0) parts.push(`${counted(odd, 'thing')} unlike earlier runs`);
  if (parts.length === 0) parts.push('nothing failed, nothing is missing');
  return { title: `${said[0]} ${said[1]}`, text: `${run.error ? `${run.error}. ` : ''}${sentence(parts.join('; '))}.` };
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function countErrors() {
  let errors = 0;
  for (let span = 0; span < spans.size; span++) if (spans.isError(span)) errors++;
  return errors;
}

function lostRecords() {
  return core.processes.reduce((sum, process) => sum + process.lost.reduce((some, [, lost]) => some + lost, 0), 0);
}

function tile(title, value, small, isBad = false) {
  return el('div', { class: 'tile' }, el('dt', {}, title), el('dd', { class: isBad ? 'bad' : null }, value, small ? el('small', {}, small) : null));
}

function tiles() {
  const { health } = core;
  const lost = lostRecords();
  const damaged = core.processes.filter((process) => process.damage.length > 0).length + core.unreadable.length;
  const found = [tile('Wall clock', duration(health ? health.wall_ns : core.extent), instant(core.run.started_unix_nano).slice(0, 19) + ' UTC')];
  if (health) {
    const { parallelism } = health;
    found.push(tile('Speed-up', `${parallelism.speedup.toFixed(2)}\u00d7`, parallelism.efficiency === null
      ? `${duration(parallelism.busy_ns)} of work` : `${percent(parallelism.efficiency)} of an ideal ${parallelism.ideal}\u00d7`));
  }
  found.push(tile('Spans', count(spans.total), counted(core.processes.length, 'tape')));
  found.push(tile('Errors', count(health ? health.error_spans : countErrors()), health ? counted(health.error_causes, 'cause') : '', (health ? health.error_spans : countErrors()) > 0));
  found.push(tile('Events, logs', `${count(core.events.total)}, ${count(core.logs.total)}`, health ? `${count(health.logs.warn)} warnings, ${count(health.logs.error + health.logs.fatal)} errors` : ''));
  found.push(tile('Record', lost + damaged > 0 ? 'Not whole' : 'Whole', lost > 0 ? `${count(lost)} records lost` : damaged > 0 ? `${damaged} damaged tapes` : 'nothing lost or damaged', lost + damaged > 0));
  return el('dl', { class: 'tiles' }, found);
}

function stageTable() {
  const { stages, wall_ns: wall } = core.health;
  const origin = Number(core.origin);
  const bar = (stage) => {
    const extent = Math.max(1, core.extent);
    const mark = styled(el('i', { class: stage.status === 'error' ? 'error' : null }), {
      left: `${Math.min(99.5, Math.max(0, (stage.started_unix_nano - origin) / extent * 100))}%`,
      width: `${Math.min(100, stage.duration_ns / extent * 100)}%`,
    });
    return el('div', { class: 'span-bar' }, mark);
  };
  const list = new List([
    { title: 'Stage', width: 'minmax(110px, 1.6fr)', class: 'mono', cell: (stage) => stage.id, sort: (stage) => stage.id },
    { title: 'Status', width: '64px', cell: (stage) => el('span', { class: { ok: 'good', error: 'bad', open: 'bad' }[stage.status] }, stage.status), sort: (stage) => stage.status },
    { title: 'When', width: 'minmax(120px, 2fr)', wide: true, cell: bar, sort: (stage) => stage.started_unix_nano },
    { title: 'Duration', width: '84px', class: 'number', cell: (stage) => duration(stage.duration_ns), sort: (stage) => stage.duration_ns },
    { title: 'Self', width: '84px', class: 'number', wide: true, cell: (stage) => duration(stage.self_ns), sort: (stage) => stage.self_ns },
    { title: 'Share', width: '56px', class: 'number', cell: (stage) => percent(stage.share), sort: (stage) => stage.share },
    { title: 'Critical', width: '84px', class: 'number', wide: true, cell: (stage) => (stage.path_ns ? duration(stage.path_ns) : '-'), sort: (stage) => stage.path_ns },
    { title: 'Without it', width: '90px', class: 'number', wide: true, cell: (stage) => (stage.removal_gain_ns ? `\u2212${duration(stage.removal_gain_ns)}` : '-'), sort: (stage) => stage.removal_gain_ns || 0 },
    { title: 'Retries', width: '58px', class: 'number', wide: true, cell: (stage) => stage.retries || '-', sort: (stage) => stage.retries },
    { title: 'Node', width: 'minmax(70px, .8fr)', wide: true, cell: (stage) => stage.hosts.join(', ') },
  ], { height: 14 * ROW, label: 'Stages', open: (stage) => openStage(stage) });
  list.setRows(stages);
  return card('Stages', `${counted(stages.length, 'stage')}, shares of ${duration(wall)}`, list.element);
}

function openStage(stage) {
  for (let span = 0; span < spans.size; span++) {
    const name = spans.label(span);
    if ((name === `run_stage:${stage.id}` || name === stage.id) && Math.abs(spans.start[span] + Number(core.origin) - stage.started_unix_nano) < 1024) {
      go('timeline', { span: spans.id(span) });
      return;
    }
  }
  go('timeline', { q: stage.id });
}

function shares(title, note, rows) {
  const body = rows.map(({ name, time_ns: time, share }) => el('div', { class: 'share' },
    el('span', { class: 'mono', title: name || '' }, name || 'elsewhere'), el('span', {}, `${duration(time)} \u00b7 ${percent(share)}`),
    el('div', { class: 'meter' }, styled(el('i'), { width: `${share * 100}%` }))));
  return card(title, note, el('div', { class: 'inner' }, body));
}

addView('overview', 'Overview', (view) => {
  const { health } = core;
  const { title, text } = verdictOf();
  const page = el('div', { class: 'page' }, el('div', { class: 'verdict' }, el('strong', {}, title), el('p', {}, text)), tiles());
  view.append(page);
  if (core.notes.length > 0) {
    page.append(card('Not as it should be', '', el('div', { class: 'inner' }, el('ul', { class: 'notes' },
      core.notes.map(([kind, said]) => el('li', {}, el('span', { class: 'kind' }, kind), said))))));
  }
  if (!health) {
    page.append(card('Health', '', el('p', { class: 'empty' }, 'This report was written without a health reading.')));
    return;
  }
  if (health.stages.length > 0) page.append(stageTable());
  const both = el('div', { class: 'two' });
  if (health.critical_path) {
    const { names, segments, duration_ns: time } = health.critical_path;
    const stages = health.stages.filter((stage) => stage.path_ns > 0).map((stage) => ({ name: stage.id, time_ns: stage.path_ns, share: stage.path_ns / Math.max(1, time) }));
    stages.sort((a, b) => b.time_ns - a.time_ns);
    const rows = stages.length > 1 ? stages : names.first;
    both.append(shares('Critical path', `${duration(time)} in ${counted(segments, 'segment')}`, rows.slice(0, 8)));
  }
  if (health.errors.length > 0) {
    both.append(card('Errors by cause', counted(health.error_causes, 'cause'), el('div', { class: 'inner' }, el('ul', { class: 'notes' },
      health.errors.slice(0, 6).map((error) => el('li', {}, el('a', { href: linkTo('timeline', { span: error.first.span_id }), class: 'mono' }, error.span_name),
        el('div', {}, error.cause), el('div', { class: 'muted' }, counted(error.count, 'time'))))))));
  }
  if (both.childElementCount > 0) page.append(both);
});
