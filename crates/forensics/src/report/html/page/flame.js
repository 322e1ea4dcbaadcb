// The flame view: spans of one name under one path are one box, as wide as the work done in it.
//
// Work is self time, so branches that ran at once stand side by side and a box is never narrower than what lies below it.

const FLAME_ROW = 24;

function flameTree() {
  const root = { name: core.run.profile, self: 0, work: 0, spans: 0, errors: 0, depth: 0, below: new Map(), above: null };
  const nodes = new Array(spans.size);
  for (const span of tree.order) {
    const above = spans.parent[span] < 0 ? root : nodes[spans.parent[span]], name = spans.name[span];
    let node = above.below.get(name);
    if (!node) {
      node = { name: texts[name], self: 0, work: 0, spans: 0, errors: 0, depth: above.depth + 1, below: new Map(), above };
      above.below.set(name, node);
    }
    nodes[span] = node;
    node.self += selfTime(span);
    node.spans++;
    if (spans.isError(span)) node.errors++;
  }
  // Every node behind the one above it, so sums go upwards from the end.
  const all = [root];
  for (let at = 0; at < all.length; at++) for (const node of all[at].below.values()) all.push(node);
  for (let at = all.length - 1; at >= 0; at--) {
    all[at].work += all[at].self;
    if (all[at].above) all[at].above.work += all[at].work;
    all[at].sorted = [...all[at].below.values()].sort((a, b) => b.work - a.work);
  }
  return { root, all };
}

addView('flame', 'Flame', (view) => {
  const { root, all } = flameTree();
  let top = root, boxes = [], marked = '';
  const canvas = el('canvas', { 'aria-hidden': 'true' });
  const scroll = el('div', { class: 'flame-scroll' }, canvas);
  const where = el('span', { class: 'note' });
  const search = el('input', { type: 'search', placeholder: 'Mark names', 'aria-label': 'Mark names', oninput: later(() => { marked = search.value.trim().toLowerCase(); draw(); }) });
  const byName = new Map();
  for (const node of all) {
    if (node === root) continue;
    const sum = byName.get(node.name) || { name: node.name, self: 0, spans: 0, errors: 0 };
    sum.self += node.self;
    sum.spans += node.spans;
    sum.errors += node.errors;
    byName.set(node.name, sum);
  }
  const list = new List([
    { title: 'Name', width: 'minmax(120px, 3fr)', class: 'mono', cell: (row) => row.name, sort: (row) => row.name },
    { title: 'Self time', width: '96px', class: 'number', cell: (row) => duration(Math.round(row.self)), sort: (row) => row.self },
    { title: 'Share', width: '64px', class: 'number', cell: (row) => percent(row.self / Math.max(1, root.work)), sort: (row) => row.self },
    { title: 'Spans', width: '84px', class: 'number', cell: (row) => count(row.spans), sort: (row) => row.spans },
    { title: 'Mean self', width: '96px', class: 'number', wide: true, cell: (row) => duration(Math.round(row.self / row.spans)), sort: (row) => row.self / row.spans },
    { title: 'Errors', width: '70px', class: 'number', wide: true, cell: (row) => (row.errors ? el('span', { class: 'bad' }, count(row.errors)) : '-'), sort: (row) => row.errors },
  ], { label: 'Names by self time', open: (row) => go('timeline', { q: row.name }) });
  list.setRows([...byName.values()].sort((a, b) => b.self - a.self));
  styled(list.element, { flex: '1', minHeight: '160px' });
  view.append(el('div', { class: 'toolbar' }, search, el('button', { type: 'button', onclick: () => zoom(root) }, 'All'),
    el('button', { type: 'button', onclick: () => zoom(top.above || root) }, 'Up'), where), scroll, list.element);

  function zoom(node) {
    top = node;
    draw();
  }
  function place(node, x, width, out) {
    if (width < 0.6) return;
    out.push({ node, x, width, y: (node.depth - top.depth) * FLAME_ROW });
    for (const below of node.sorted) {
      const wide = node.work > 0 ? below.work / node.work * width : 0;
      place(below, x, wide, out);
      x += wide;
    }
  }
  function draw() {
    const width = scroll.clientWidth;
    if (width === 0) return;
    boxes = [];
    place(top, 0, width, boxes);
    const height = boxes.reduce((most, box) => Math.max(most, box.y), 0) + FLAME_ROW + 4;
    const context = sizeCanvas(canvas, width, height);
    context.textBaseline = 'middle';
    context.font = `12px ${inks.sans}`;
    for (const { node, x, width: wide, y } of boxes) {
      const isMarked = marked !== '' && node.name.toLowerCase().includes(marked);
      context.globalAlpha = marked === '' || isMarked ? 1 : 0.35;
      context.fillStyle = node.errors > 0 ? inks['error-soft'] : isMarked ? inks['critical-soft'] : node.depth % 2 ? inks['accent-soft'] : inks.sunk;
      context.fillRect(x, y + 2, Math.max(0.6, wide - 1), FLAME_ROW - 2);
      if (wide < 34) continue;
      context.save();
      context.beginPath();
      context.rect(x, y, wide - 5, FLAME_ROW);
      context.clip();
      context.fillStyle = node.errors > 0 ? inks.error : inks.ink;
      context.fillText(node.name, x + 7, y + FLAME_ROW / 2 + 1);
      const named = context.measureText(node.name).width;
      context.fillStyle = inks['ink-3'];
      context.fillText(`${percent(node.work / Math.max(1, root.work))}`, x + 15 + named, y + FLAME_ROW / 2 + 1);
      context.restore();
    }
    context.globalAlpha = 1;
    where.textContent = `${top.name}: ${duration(Math.round(top.work))} of work in ${counted(top === root ? spans.size : top.spans, 'span')}`;
  }
  function boxAt(event) {
    const { left, top: edge } = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - edge];
    return boxes.find((box) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + FLAME_ROW);
  }
  canvas.addEventListener('click', (event) => { const box = boxAt(event); if (box) zoom(box.node === top && top.above ? top.above : box.node); });
  canvas.addEventListener('mousemove', (event) => {
    const node = boxAt(event)?.node;
    if (node) showTip([node.name, `work ${duration(Math.round(node.work))}, self ${duration(Math.round(node.self))}`, `${counted(node.spans, 'span')}${node.errors ? `, ${node.errors} failed` : ''}`], event.clientX, event.clientY);
    else hideTip();
  });
  canvas.addEventListener('mouseleave', hideTip);
  redraws.add(draw);
  new ResizeObserver(draw).observe(scroll);
  return draw;
}, { full: true });
