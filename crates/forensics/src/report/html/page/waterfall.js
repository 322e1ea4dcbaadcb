// The waterfall: a row a span, time from left to right, the critical path in amber. Drawn on one canvas as large as the
// window, so its cost is that of the rows in sight, however many there are.

const WF_ROW = 24, WF_AXIS = 26, WF_INDENT = 12;

class Waterfall {
  constructor(view) {
    this.from = 0;
    this.to = Math.max(1, core.extent);
    this.selected = -1;
    this.hits = [];
    this.isHit = new Uint8Array(spans.size);
    this.hit = -1;
    this.pointers = new Map();
    this.minimap = el('canvas', { class: 'wf-minimap', 'aria-hidden': 'true' });
    this.canvas = el('canvas', { 'aria-hidden': 'true' });
    this.spacer = el('div');
    this.scroll = el('div', {
      class: 'wf-scroll', tabindex: 0, role: 'application', 'aria-label': 'Waterfall of spans. Arrow keys move and open or close branches, Enter shows a span, plus and minus zoom, 0 shows all, f fits the span.',
    }, this.canvas, this.spacer);
    this.says = el('span', { class: 'note', 'aria-live': 'polite' });
    this.search = el('input', { type: 'search', placeholder: 'Search names, ids, attributes ( / )', 'aria-label': 'Search spans', oninput: later(() => this.find(this.search.value)), onkeydown: (event) => { if (event.key === 'Enter') this.step(event.shiftKey ? -1 : 1); } });
    view.append(this.toolbar(), this.minimap, this.scroll);
    this.listen();
    redraws.add(() => this.drawAll());
    // At once, not a frame later: it is called right before painting.
    new ResizeObserver(() => this.drawNow()).observe(this.scroll);
    new ResizeObserver(() => this.drawMinimap()).observe(this.minimap);
  }

  toolbar() {
    const button = (text, title, onclick, kind = null) => el('button', { type: 'button', title, 'aria-label': title, onclick, class: kind }, text);
    return el('div', { class: 'toolbar' }, this.search,
      button('\u2191', 'Match before', () => this.step(-1)), button('\u2193', 'Next match', () => this.step(1)), this.says,
      el('span', { class: 'space' }),
      el('span', { class: 'legend wide' }, el('span', {}, el('i', { class: 'critical' }), 'critical path'), el('span', {}, el('i', { class: 'error' }), 'error')),
      button('\u2212', 'Zoom out (-)', () => this.zoom(2)), button('+', 'Zoom in (+)', () => this.zoom(0.5)), button('All', 'Show all (0)', () => this.window(0, core.extent)),
      button('Open', 'Open all branches', () => { tree.closeFrom(Infinity); this.drawAll(); }, 'wide'), button('Close', 'Close branches', () => { tree.closeFrom(1); this.drawAll(); }, 'wide'));
  }

  // Width of the names.
  get names() {
    return Math.round(Math.min(380, this.width * (this.width < 600 ? 0.42 : 0.32)));
  }

  get width() {
    return this.scroll.clientWidth;
  }

  x(time) {
    return this.names + (time - this.from) / (this.to - this.from) * (this.width - this.names - 12);
  }

  time(x) {
    return this.from + (x - this.names) / (this.width - this.names - 12) * (this.to - this.from);
  }

  window(from, to) {
    const extent = Math.max(1, core.extent);
    const wide = Math.min(extent, Math.max(100, to - from));
    this.from = Math.max(0, Math.min(from, extent - wide));
    this.to = this.from + wide;
    this.drawAll();
    this.tell();
  }

  zoom(factor, around = (this.from + this.to) / 2) {
    this.window(around - (around - this.from) * factor, around + (this.to - around) * factor);
  }

  pan(share) {
    const by = (this.to - this.from) * share;
    this.window(this.from + by, this.to + by);
  }

  // The address of what is shown, without flooding the history.
  tell = later(() => {
    const isAll = this.from === 0 && this.to >= core.extent;
    note('timeline', {
      span: this.selected >= 0 ? spans.id(this.selected) : '', q: this.search.value,
      from: isAll ? '' : Math.round(this.from), to: isAll ? '' : Math.round(this.to),
    });
  }, 300);

  show({ span, q, from, to }) {
    if (q !== undefined && q !== this.search.value) {
      this.search.value = q;
      this.find(q);
    }
    if (from !== undefined && to !== undefined && Number(to) > Number(from)) this.window(Number(from), Number(to));
    const found = span ? spans.find(span) : -1;
    if (found >= 0 && found !== this.selected) {
      this.select(found);
      openSpan(found);
    }
    this.drawAll();
  }

  select(span) {
    this.selected = span;
    tree.reveal(span);
    this.layOut();
    const top = tree.rows().indexOf(span) * WF_ROW, high = this.scroll.clientHeight - WF_AXIS;
    if (top < this.scroll.scrollTop) this.scroll.scrollTop = top;
    else if (top + WF_ROW > this.scroll.scrollTop + high) this.scroll.scrollTop = top - high / 2;
    const end = spans.start[span] + spans.duration[span];
    if (spans.start[span] > this.to || end < this.from) this.fit(span);
    this.drawAll();
    this.tell();
  }

  fit(span) {
    const margin = spans.duration[span] * 0.05;
    this.window(spans.start[span] - margin, spans.start[span] + spans.duration[span] + margin);
  }

  find(wanted) {
    const text = wanted.trim().toLowerCase();
    this.isHit.fill(0);
    if (text !== '') {
      const names = new Set();
      texts.forEach((name, number) => { if (name.toLowerCase().includes(text)) names.add(number); });
      for (let span = 0; span < spans.size; span++) if (names.has(spans.name[span])) this.isHit[span] = 1;
      for (const span of detailLines.matching(text)) this.isHit[span] = 1;
      const byIdentity = /^[0-9a-f]{16}$/.test(text) ? spans.find(text) : -1;
      if (byIdentity >= 0) this.isHit[byIdentity] = 1;
    }
    this.hits = Array.from(tree.order).filter((span) => this.isHit[span]);
    this.hit = -1;
    this.says.textContent = text === '' ? '' : counted(this.hits.length, 'match', 'matches');
    this.drawAll();
    this.tell();
  }

  step(by) {
    if (this.hits.length === 0) return;
    this.hit = (this.hit + by + this.hits.length) % this.hits.length;
    this.says.textContent = `${count(this.hit + 1)} of ${count(this.hits.length)}`;
    this.select(this.hits[this.hit]);
  }

  layOut() {
    const rows = tree.rows().length;
    styled(this.spacer, { height: `${Math.max(0, rows * WF_ROW + WF_AXIS + 8 - this.scroll.clientHeight)}px` });
  }

  drawAll() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.drawNow();
    });
  }

  drawNow() {
    this.layOut();
    this.draw();
    this.drawMinimap();
  }

  draw() {
    const width = this.width, height = this.scroll.clientHeight;
    if (width === 0) return;
    const context = sizeCanvas(this.canvas, width, height);
    const rows = tree.rows(), names = this.names, top = this.scroll.scrollTop;
    const first = Math.floor(top / WF_ROW), last = Math.min(rows.length, first + Math.ceil(height / WF_ROW) + 1);
    this.drawGrid(context, width, height);
    for (let row = first; row < last; row++) this.drawRow(context, rows[row], row * WF_ROW - top + WF_AXIS, width);
    context.fillStyle = inks.line;
    context.fillRect(names, 0, 1, height);
    this.drawAxis(context, width);
  }

  ticks() {
    const span = this.to - this.from, wanted = Math.max(2, (this.width - this.names) / 90);
    const rough = span / wanted, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
    const found = [];
    for (let time = Math.ceil(this.from / step) * step; time <= this.to; time += step) found.push(time);
    return found;
  }

  drawGrid(context, width, height) {
    context.fillStyle = inks.line;
    for (const time of this.ticks()) context.fillRect(Math.round(this.x(time)), WF_AXIS, 1, height);
  }

  drawAxis(context, width) {
    context.fillStyle = inks.sheet;
    context.fillRect(0, 0, width, WF_AXIS);
    context.fillStyle = inks.line;
    context.fillRect(0, WF_AXIS - 1, width, 1);
    context.font = `11.5px ${inks.sans}`;
    context.textBaseline = 'middle';
    context.fillStyle = inks['ink-3'];
    context.fillText(`${count(tree.rows().length)} of ${counted(spans.size, 'span')}`, 12, WF_AXIS / 2);
    for (const time of this.ticks()) {
      const x = this.x(time);
      if (x > width - 48) continue;
      context.fillRect(Math.round(x), WF_AXIS - 6, 1, 5);
      context.fillText(time === 0 ? '0' : duration(Math.round(time)), x + 4, WF_AXIS / 2);
    }
  }

  drawRow(context, span, y, width) {
    const middle = y + WF_ROW / 2, names = this.names;
    if (span === this.selected || this.isHit[span]) {
      context.fillStyle = span === this.selected ? inks['accent-soft'] : inks['critical-soft'];
      context.fillRect(0, y, width, WF_ROW);
    }
    const indent = 12 + Math.min(tree.depth[span], 24) * WF_INDENT;
    context.save();
    context.beginPath();
    context.rect(0, y, names - 8, WF_ROW);
    context.clip();
    context.textBaseline = 'middle';
    if (tree.hasChildren(span)) {
      context.fillStyle = inks['ink-3'];
      context.beginPath();
      if (tree.isClosed(span)) { context.moveTo(indent, middle - 4); context.lineTo(indent + 5, middle); context.lineTo(indent, middle + 4); }
      else { context.moveTo(indent - 1, middle - 2.5); context.lineTo(indent + 7, middle - 2.5); context.lineTo(indent + 3, middle + 2.5); }
      context.fill();
    }
    context.font = `12.5px ${inks.sans}`;
    context.fillStyle = spans.isError(span) ? inks.error : inks.ink;
    const label = spans.label(span);
    context.fillText(label, indent + 13, middle);
    if (tree.isClosed(span)) {
      const after = indent + 13 + context.measureText(label).width + 6;
      context.font = `11.5px ${inks.sans}`;
      context.fillStyle = inks['ink-3'];
      context.fillText(`+${count(tree.size(span) - 1)}`, after, middle);
    }
    context.restore();
    this.drawBar(context, span, y, width);
  }

  drawBar(context, span, y, width) {
    const start = this.x(spans.start[span]), end = this.x(spans.start[span] + spans.duration[span]);
    if (end < this.names) return;
    if (start > width) return;
    const from = Math.max(this.names + 1, start), to = Math.min(width, Math.max(end, from + 2));
    context.fillStyle = inkOf(span);
    context.globalAlpha = spans.isOpen(span) ? 0.4 : 0.85;
    context.beginPath();
    context.roundRect(from, y + 6, to - from, WF_ROW - 13, 3);
    context.fill();
    context.globalAlpha = 1;
    context.fillStyle = inks.critical;
    for (const segment of critical.of(span)) {
      const begins = Math.max(this.names + 1, this.x(segment.from)), ends = Math.min(width, this.x(segment.from + segment.duration));
      if (ends > begins) context.fillRect(begins, y + WF_ROW - 7, Math.max(1.5, ends - begins), 4);
    }
    const text = duration(spans.duration[span]) + (spans.isOpen(span) ? ', open' : '');
    context.font = `11.5px ${inks.sans}`;
    context.fillStyle = inks['ink-3'];
    const wide = context.measureText(text).width;
    if (to + wide + 8 < width) context.fillText(text, to + 5, y + WF_ROW / 2 - 1);
    else if (from - wide - 6 > this.names) context.fillText(text, from - wide - 5, y + WF_ROW / 2 - 1);
  }

  // How many spans run at each moment; computed once a width.
  density(width) {
    if (this.dense?.length === width) return this.dense;
    const changes = new Float64Array(width + 1), scale = (width - 1) / Math.max(1, core.extent);
    for (let span = 0; span < spans.size; span++) {
      if (tree.hasChildren(span)) continue;
      changes[Math.floor(spans.start[span] * scale)]++;
      changes[Math.min(width, Math.floor((spans.start[span] + spans.duration[span]) * scale) + 1)]--;
    }
    this.dense = new Float64Array(width);
    for (let x = 0, running = 0; x < width; x++) this.dense[x] = running += changes[x];
    return this.dense;
  }

  drawMinimap() {
    const width = this.minimap.clientWidth, height = this.minimap.clientHeight;
    if (width === 0) return;
    const context = sizeCanvas(this.minimap, width, height);
    styled(this.minimap, { width: '100%', height: '' });
    const dense = this.density(Math.round(width)), most = dense.reduce((a, b) => Math.max(a, b), 1);
    context.fillStyle = inks['line-strong'];
    for (let x = 0; x < dense.length; x++) {
      const high = dense[x] / most * (height - 16);
      if (high > 0) context.fillRect(x, height - 9 - high, 1, Math.max(1, high));
    }
    context.fillStyle = inks.critical;
    const scale = width / Math.max(1, core.extent);
    for (const { span, from, duration: time } of critical.list) {
      context.globalAlpha = span >= 0 && tree.depth[span] % 2 === 1 ? 0.6 : 1;
      context.fillRect(from * scale, height - 7, Math.max(1, time * scale), 4);
    }
    context.globalAlpha = 1;
    const from = this.from * scale, to = this.to * scale;
    context.fillStyle = inks.ground;
    context.globalAlpha = 0.75;
    context.fillRect(0, 0, from, height);
    context.fillRect(to, 0, width - to, height);
    context.globalAlpha = 1;
    context.strokeStyle = inks.accent;
    if (to - from < width - 1) context.strokeRect(from + 0.5, 0.5, Math.max(2, to - from - 1), height - 1);
  }

  rowAt(event) {
    const y = event.clientY - this.scroll.getBoundingClientRect().top;
    if (y < WF_AXIS) return -1;
    const row = Math.floor((y - WF_AXIS + this.scroll.scrollTop) / WF_ROW), rows = tree.rows();
    return row < rows.length ? rows[row] : -1;
  }

  listen() {
    const left = () => this.scroll.getBoundingClientRect().left;
    this.scroll.addEventListener('scroll', () => this.drawAll());
    this.scroll.addEventListener('keydown', (event) => this.key(event));
    this.scroll.addEventListener('wheel', (event) => {
      if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(event.deltaY * 0.004), this.time(event.clientX - left()));
      else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan((event.deltaX || event.deltaY) / this.width);
      else return;
      event.preventDefault();
    }, { passive: false });
    this.scroll.addEventListener('pointerdown', (event) => {
      this.pointers.set(event.pointerId, event.clientX);
      this.moved = 0;
    });
    this.scroll.addEventListener('pointermove', (event) => this.move(event, left()));
    for (const kind of ['pointerup', 'pointercancel', 'pointerleave']) {
      this.scroll.addEventListener(kind, (event) => {
        this.pointers.delete(event.pointerId);
        hideTip();
      });
    }
    this.scroll.addEventListener('click', (event) => {
      const span = this.rowAt(event);
      if (span < 0 || this.moved > 4) return;
      const x = event.clientX - left(), indent = 12 + Math.min(tree.depth[span], 24) * WF_INDENT;
      if (tree.hasChildren(span) && x > indent - 10 && x < indent + 12) {
        tree.toggle(span);
        this.drawAll();
        return;
      }
      this.select(span);
      openSpan(span);
    });
    this.scroll.addEventListener('dblclick', (event) => {
      const span = this.rowAt(event);
      if (span >= 0) this.fit(span);
    });
    this.listenMinimap();
  }

  move(event, left) {
    if (!this.pointers.has(event.pointerId)) {
      const span = event.pointerType === 'mouse' ? this.rowAt(event) : -1;
      if (span < 0) hideTip();
      else showTip([spans.label(span), `${duration(spans.duration[span])}, self ${duration(selfTime(span))}, from ${duration(spans.start[span])}`], event.clientX, event.clientY);
      return;
    }
    const before = this.pointers.get(event.pointerId);
    const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId);
    if (other) {
      const [was, is] = [Math.abs(before - other[1]), Math.abs(event.clientX - other[1])];
      if (was > 8 && is > 8) this.zoom(was / is, this.time((event.clientX + other[1]) / 2 - left));
      this.moved = 9;
    } else {
      this.moved += Math.abs(event.clientX - before);
      if (this.moved > 4) this.pan((before - event.clientX) / (this.width - this.names));
    }
    this.pointers.set(event.pointerId, event.clientX);
  }

  listenMinimap() {
    let anchor = null;
    const timeAt = (event) => {
      const { left, width } = this.minimap.getBoundingClientRect();
      return Math.max(0, Math.min(1, (event.clientX - left) / width)) * core.extent;
    };
    this.minimap.addEventListener('pointerdown', (event) => {
      anchor = timeAt(event);
      this.minimap.setPointerCapture(event.pointerId);
    });
    this.minimap.addEventListener('pointermove', (event) => {
      const time = timeAt(event);
      if (anchor !== null && Math.abs(time - anchor) > core.extent / 400) this.window(Math.min(anchor, time), Math.max(anchor, time));
    });
    this.minimap.addEventListener('pointerup', (event) => {
      const time = timeAt(event), half = (this.to - this.from) / 2;
      if (anchor !== null && Math.abs(time - anchor) <= core.extent / 400) this.window(time - half, time + half);
      anchor = null;
    });
    this.minimap.addEventListener('dblclick', () => this.window(0, core.extent));
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = tree.rows(), at = this.selected < 0 ? -1 : rows.indexOf(this.selected), span = this.selected;
    const page = Math.max(1, Math.floor(this.scroll.clientHeight / WF_ROW) - 2);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) {
      if (rows.length > 0) this.select(rows[Math.max(0, Math.min(rows.length - 1, to))]);
    } else if (event.key === 'ArrowRight' && event.shiftKey) this.pan(0.2);
    else if (event.key === 'ArrowLeft' && event.shiftKey) this.pan(-0.2);
    else if (event.key === 'ArrowRight' && span >= 0) {
      if (tree.isClosed(span)) tree.toggle(span, false);
      else if (tree.hasChildren(span)) this.select(spans.children(span)[0]);
    } else if (event.key === 'ArrowLeft' && span >= 0) {
      if (tree.hasChildren(span) && !tree.isClosed(span)) tree.toggle(span, true);
      else if (spans.parent[span] >= 0) this.select(spans.parent[span]);
    } else if (event.key === 'Enter' && span >= 0) openSpan(span);
    else if (event.key === '+' || event.key === '=') this.zoom(0.5);
    else if (event.key === '-') this.zoom(2);
    else if (event.key === '0') this.window(0, core.extent);
    else if (event.key === 'f' && span >= 0) this.fit(span);
    else return;
    if (this.selected >= 0) this.says.textContent = `${spans.label(this.selected)}, ${duration(spans.duration[this.selected])}`;
    event.preventDefault();
    this.drawAll();
  }
}

let waterfall = null;
addView('timeline', 'Timeline', (view) => {
  waterfall = new Waterfall(view);
  if (spans.size < spans.total) view.insertBefore(thinningNote(), view.firstChild.nextSibling);
  return (given) => waterfall.show(given);
}, { full: true, count: spans.total });

function thinningNote() {
  return el('div', { class: 'toolbar' }, el('span', { class: 'note' },
    `${count(spans.size)} of ${count(spans.total)} spans are in this page: the critical path, errors, spans still open, stages, then the longest, each with all spans above it. The tapes have them all.`));
}
