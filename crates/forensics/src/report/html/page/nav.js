// The net asset value with its decisions and epochs, as `decision.snapshot` and `epoch_detected` tell of them.

const NAV_EVENTS = new Set(['decision.snapshot', 'epoch_detected']);

function fieldsOf(event) {
  return Object.fromEntries(event.attributes);
}

// What a series is called: its symbol if it says one, or the part of the pipeline that it was found in.
function seriesOf(event, fields) {
  const features = fields.features_at_decision || {};
  const named = fields.symbol || features.symbol || fields.series || features.series;
  if (named) return String(named);
  for (let span = event.span; span >= 0; span = spans.parent[span]) {
    const name = spans.label(span);
    if (name !== 'run_pipeline' && !name.startsWith('run_stage:')) continue;
    const symbol = detailsOf(span).attributes.find(([key]) => key === 'symbol');
    if (symbol) return valueText(symbol[1]);
    if (name.startsWith('run_stage:')) return name.slice('run_stage:'.length);
  }
  return 'all';
}

function momentOf(value) {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return NaN;
  return /^-?\d+$/.test(value) ? Number(value) : Date.parse(value) * 1e6;
}

function navSeries() {
  const found = new Map();
  for (const event of allEvents()) {
    if (!NAV_EVENTS.has(event.name)) continue;
    const fields = fieldsOf(event), name = seriesOf(event, fields);
    if (!found.has(name)) found.set(name, { name, decisions: [], epochs: [] });
    const series = found.get(name), recorded = Number(core.origin) + event.time;
    if (event.name === 'epoch_detected') {
      series.epochs.push({ event, fields, bar: Number(fields.bar_index), time: momentOf(fields.timestamp) || recorded, nav: NaN });
      continue;
    }
    const features = fields.features_at_decision || {}, bar = fields.bar_index ?? features.bar_index;
    series.decisions.push({ event, fields, bar: bar === undefined ? NaN : Number(bar), time: momentOf(fields.timestamp_ns) || recorded, nav: Number(features.nav_at_decision ?? NaN) });
  }
  for (const series of found.values()) {
    const all = [...series.decisions, ...series.epochs];
    // Bars, if all points have one; else times.
    series.byBar = all.every((point) => Number.isFinite(point.bar));
    for (const point of all) point.x = series.byBar ? point.bar : point.time;
    series.decisions = series.decisions.filter((point) => Number.isFinite(point.nav)).sort((a, b) => a.x - b.x);
    series.epochs.sort((a, b) => a.x - b.x);
    for (const epoch of series.epochs) epoch.nav = valueAt(series.decisions, epoch.x);
  }
  return [...found.values()];
}

// The value of the line at this place, between the points beside it.
function valueAt(points, x) {
  if (points.length === 0) return NaN;
  let low = 0, high = points.length - 1;
  if (x <= points[0].x) return points[0].nav;
  if (x >= points[high].x) return points[high].nav;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle].x <= x) low = middle;
    else high = middle;
  }
  const share = (x - points[low].x) / Math.max(1e-9, points[high].x - points[low].x);
  return points[low].nav + (points[high].nav - points[low].nav) * share;
}

// At most two points a pixel column keep the line's every extreme.
function thinLine(points, columns) {
  if (points.length <= columns * 2) return points;
  const from = points[0].x, wide = Math.max(1e-9, points[points.length - 1].x - from), kept = [];
  let column = -1, low = null, high = null;
  const flush = () => { if (low) kept.push(...(low.x <= high.x ? [low, high] : [high, low])); };
  for (const point of points) {
    const at = Math.floor((point.x - from) / wide * columns);
    if (at !== column) {
      flush();
      [column, low, high] = [at, point, point];
    }
    if (point.nav < low.nav) low = point;
    if (point.nav > high.nav) high = point;
  }
  flush();
  return kept;
}

const MOST_MARKS = 1500;

function navChart(series) {
  const wide = 1200, high = 420, left = 62, right = 16, top = 14, foot = 70;
  const points = [...series.decisions, ...series.epochs];
  const [from, to] = points.reduce(([least, most], { x }) => [Math.min(least, x), Math.max(most, x)], [Infinity, -Infinity]);
  const values = points.map((point) => point.nav).filter(Number.isFinite);
  const hasNav = values.length > 0;
  const least = hasNav ? values.reduce((a, b) => Math.min(a, b)) : 0, most = hasNav ? values.reduce((a, b) => Math.max(a, b)) : 1;
  const margin = (most - least || Math.abs(most) || 1) * 0.06;
  const x = (value) => left + (to > from ? (value - from) / (to - from) : 0.5) * (wide - left - right);
  const y = (value) => top + (1 - (value - least + margin) / (most - least + 2 * margin)) * (high - top - foot);
  const chart = svg('svg', { class: 'chart', viewBox: `0 0 ${wide} ${high}`, role: 'img', 'aria-label': `Net asset value of ${series.name}: ${series.decisions.length} decisions, ${series.epochs.length} epochs` });
  for (let step = 0; hasNav && step <= 4; step++) {
    const value = least + (most - least) * step / 4;
    chart.append(svg('line', { class: 'grid', x1: left, x2: wide - right, y1: y(value), y2: y(value) }), svg('text', { x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, value.toPrecision(5)));
  }
  for (let step = 0; step <= 6; step++) {
    const value = from + (to - from) * step / 6;
    const said = series.byBar ? `bar ${Math.round(value)}` : instant(BigInt(Math.round(value))).slice(0, 16);
    chart.append(svg('text', { x: x(value), y: high - 6, 'text-anchor': step === 0 ? 'start' : step === 6 ? 'end' : 'middle' }, said));
  }
  const line = thinLine(series.decisions, wide);
  if (line.length > 1) chart.append(svg('path', { class: 'nav', d: line.map((point, at) => `${at ? 'L' : 'M'}${x(point.x).toFixed(1)} ${y(point.nav).toFixed(1)}`).join('') }));
  const mark = (element, point, title) => {
    element.setAttribute('tabindex', '0');
    element.setAttribute('role', 'button');
    element.setAttribute('aria-label', title.join(', '));
    element.addEventListener('click', () => openRecord(point.event, point.event.name));
    element.addEventListener('keydown', (event) => { if (event.key === 'Enter') openRecord(point.event, point.event.name); });
    element.addEventListener('mousemove', (event) => showTip(title, event.clientX, event.clientY));
    element.addEventListener('mouseleave', hideTip);
    chart.append(element);
  };
  if (series.decisions.length <= 400) {
    for (const point of series.decisions) {
      mark(svg('circle', { class: 'mark decision', cx: x(point.x), cy: y(point.nav), r: 3 }), point, [`decision ${valueText(point.fields.decision_id ?? '')}`, `value ${point.nav}`]);
    }
  }
  const gains = series.epochs.reduce((peak, { fields }) => Math.max(peak, Math.abs(fields.excess_gain) || 0, Math.abs(fields.excess_loss) || 0), 1e-12);
  const base = high - foot + 26;
  chart.append(svg('line', { class: 'grid', x1: left, x2: wide - right, y1: base, y2: base }), svg('text', { x: left - 8, y: base + 4, 'text-anchor': 'end' }, 'gain/loss'));
  for (const epoch of series.epochs.slice(0, MOST_MARKS)) {
    const at = x(epoch.x), isBear = epoch.fields.position_type === 'bear', value = hasNav ? y(epoch.nav) : base;
    const gain = Math.abs(epoch.fields.excess_gain) / gains * 22 || 0, loss = Math.abs(epoch.fields.excess_loss) / gains * 16 || 0;
    chart.append(svg('rect', { class: 'bull', x: at - 1.5, y: base - gain, width: 3, height: gain }), svg('rect', { class: 'bear', x: at - 1.5, y: base, width: 3, height: loss }));
    if (hasNav) chart.append(svg('line', { class: 'drop', x1: at, x2: at, y1: value, y2: base - gain }));
    mark(svg('path', { class: `mark ${isBear ? 'bear' : 'bull'}`, d: isBear ? `M${at - 6} ${value - 12}h12l-6 9z` : `M${at - 6} ${value + 12}h12l-6 -9z` }), epoch,
      [`epoch ${valueText(epoch.fields.epoch_index ?? '')} (${epoch.fields.position_type || 'bull'})`, `gain ${valueText(epoch.fields.excess_gain ?? '')}, loss ${valueText(epoch.fields.excess_loss ?? '')}`]);
  }
  return chart;
}

const hasNavEvents = texts.some((text) => NAV_EVENTS.has(text)) && allEvents().some((event) => NAV_EVENTS.has(event.name));

if (hasNavEvents) {
  addView('nav', 'NAV', (view) => {
    const all = navSeries();
    const page = el('div', { class: 'page' }), holder = el('div', { class: 'inner' });
    const choose = el('select', { 'aria-label': 'Series', onchange: () => draw(choose.value) }, all.map(({ name }) => el('option', { value: name }, name)));
    const says = el('p', {});
    page.append(el('section', { class: 'card' }, el('header', {}, el('h2', {}, 'Net asset value'), all.length > 1 ? choose : el('p', {}, all[0].name), says), holder,
      el('div', { class: 'inner legend' }, el('span', {}, '\u25cb decision'), el('span', { class: 'good' }, '\u25b2 bull epoch'), el('span', { class: 'bad' }, '\u25bc bear epoch'), el('span', {}, 'bars: excess gain above, loss below'))));
    view.append(page);
    function draw(name) {
      const series = all.find((candidate) => candidate.name === name) || all[0];
      choose.value = series.name;
      const cut = series.epochs.length > MOST_MARKS ? `, the first ${count(MOST_MARKS)} marked` : '';
      says.textContent = `${counted(series.decisions.length, 'decision')}, ${counted(series.epochs.length, 'epoch')}${cut}`;
      holder.replaceChildren(navChart(series));
      note('nav', { series: all.length > 1 ? series.name : '' });
    }
    return ({ series }) => draw(series);
  });
}
