// A table of any length: only the rows in sight are in the document.
//
// A column is { title, width, cell(row), sort(row)?, class? }; `wide` columns are left out on a phone.

const ROW = 32;

class List {
  constructor(columns, { open = null, label = 'Rows', height = null } = {}) {
    this.columns = columns;
    this.open = open;
    this.rows = [];
    this.selected = -1;
    this.sorting = { column: null, isDown: false };
    this.spacer = el('div');
    this.body = el('div', { class: 'body', tabindex: 0, role: 'rowgroup', 'aria-label': label, onscroll: () => this.draw(), onkeydown: (event) => this.key(event) }, this.spacer);
    this.head = el('div', { class: 'head', role: 'row' });
    this.element = el('div', { class: open ? 'list opens' : 'list', role: 'table', 'aria-label': label }, this.head, this.body);
    this.height = height;
    this.drawn = new Map();
    this.phone = matchMedia('(max-width: 760px)');
    this.phone.addEventListener('change', () => this.layOut());
    new ResizeObserver(() => this.draw()).observe(this.body);
    this.layOut();
  }

  layOut() {
    this.template = this.columns.filter((column) => !(column.wide && this.phone.matches)).map((column) => column.width).join(' ');
    styled(this.head, { gridTemplateColumns: this.template });
    this.head.replaceChildren(...this.columns.map((column) => {
      const arrow = this.sorting.column === column ? (this.sorting.isDown ? ' \u2193' : ' \u2191') : '';
      const title = column.sort ? el('button', { type: 'button', onclick: () => this.sortBy(column) }, column.title + arrow) : column.title;
      return el('div', { class: this.classOf(column), role: 'columnheader' }, title);
    }));
    this.redraw();
  }

  classOf(column) {
    return [column.class, column.wide ? 'wide' : ''].filter(Boolean).join(' ') || null;
  }

  sortBy(column) {
    const isDown = this.sorting.column === column ? !this.sorting.isDown : column.class === 'number';
    this.sorting = { column, isDown };
    const sign = isDown ? -1 : 1;
    const compare = (a, b) => (a < b ? -sign : a > b ? sign : 0);
    this.rows = this.rows.slice().sort((a, b) => compare(column.sort(a), column.sort(b)));
    this.selected = -1;
    this.layOut();
  }

  setRows(rows) {
    this.rows = rows;
    this.selected = -1;
    this.body.scrollTop = 0;
    this.redraw();
  }

  redraw() {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
    styled(this.spacer, { height: `${this.rows.length * ROW}px` });
    if (this.height) styled(this.body, { height: `${Math.min(this.rows.length * ROW, this.height)}px`, flex: 'none' });
    this.draw();
  }

  draw() {
    const top = this.body.scrollTop, high = this.body.clientHeight || this.height || 600;
    const from = Math.max(0, Math.floor(top / ROW) - 4), to = Math.min(this.rows.length, Math.ceil((top + high) / ROW) + 4);
    for (const [at, row] of this.drawn) {
      if (at < from || at >= to) {
        row.remove();
        this.drawn.delete(at);
      }
    }
    for (let at = from; at < to; at++) {
      if (this.drawn.has(at)) continue;
      const row = el('div', { class: 'row', role: 'row', 'aria-rowindex': at + 1, onclick: () => this.select(at, true) },
        this.columns.map((column) => el('div', { class: this.classOf(column), role: 'cell' }, column.cell(this.rows[at]))));
      if (at === this.selected) row.setAttribute('aria-selected', 'true');
      this.body.append(styled(row, { top: `${at * ROW}px`, gridTemplateColumns: this.template }));
      this.drawn.set(at, row);
    }
  }

  select(at, opens) {
    if (!this.open || at < 0 || at >= this.rows.length) return;
    this.drawn.get(this.selected)?.removeAttribute('aria-selected');
    this.selected = at;
    const top = at * ROW, { scrollTop, clientHeight } = this.body;
    if (top < scrollTop) this.body.scrollTop = top;
    else if (top + ROW > scrollTop + clientHeight) this.body.scrollTop = top + ROW - clientHeight;
    this.draw();
    this.drawn.get(at)?.setAttribute('aria-selected', 'true');
    if (opens) this.open(this.rows[at]);
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.body.clientHeight / ROW) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.rows.length, End: this.rows.length };
    if (event.key === 'Enter') this.select(this.selected, true);
    else if (event.key in steps && this.open) {
      this.select(Math.max(0, Math.min(this.rows.length - 1, this.selected + steps[event.key])), false);
    } else return;
    event.preventDefault();
  }
}
