// The spans as a tree with collapsed branches: which rows there are, in order.

// Larger runs begin with deep branches closed: as many levels are open as keep to this.
const MANY_ROWS = 3000;

const tree = (() => {
  const depth = new Uint16Array(spans.size), order = new Uint32Array(spans.size), after = new Uint32Array(spans.size);
  // Preorder without recursion; `after` is where a branch ends in it.
  const stack = Array.from(spans.children(-1)).reverse();
  let at = 0;
  while (stack.length > 0) {
    const span = stack.pop();
    order[at++] = span;
    const parent = spans.parent[span];
    depth[span] = parent < 0 ? 0 : Math.min(65535, depth[parent] + 1);
    const children = spans.children(span);
    for (let child = children.length - 1; child >= 0; child--) stack.push(children[child]);
  }
  const sizes = new Uint32Array(spans.size).fill(1);
  for (let place = at - 1; place >= 0; place--) {
    const span = order[place];
    after[span] = place + sizes[span];
    if (spans.parent[span] >= 0) sizes[spans.parent[span]] += sizes[span];
  }
  const isClosed = new Uint8Array(spans.size);
  const hasChildren = (span) => sizes[span] > 1;
  let rows = null;

  return {
    depth,
    order,
    size: (span) => sizes[span],
    hasChildren,
    isClosed: (span) => isClosed[span] === 1,
    rows: () => {
      if (rows) return rows;
      const visible = new Uint32Array(at);
      let shown = 0;
      for (let place = 0; place < at;) {
        const span = order[place];
        visible[shown++] = span;
        place = isClosed[span] ? after[span] : place + 1;
      }
      rows = visible.subarray(0, shown);
      return rows;
    },
    toggle: (span, closes = !isClosed[span]) => {
      isClosed[span] = closes && hasChildren(span) ? 1 : 0;
      rows = null;
    },
    closeFrom: (level) => {
      for (let span = 0; span < spans.size; span++) isClosed[span] = depth[span] >= level && hasChildren(span) ? 1 : 0;
      rows = null;
    },
    // Opens all above this span.
    reveal: (span) => {
      for (let above = spans.parent[span]; above >= 0; above = spans.parent[above]) {
        if (isClosed[above]) rows = null;
        isClosed[above] = 0;
      }
    },
  };
})();

if (spans.size > MANY_ROWS) {
  const levels = new Uint32Array(65536);
  for (const depth of tree.depth) levels[depth]++;
  let level = 0, rows = levels[0] + levels[1];
  while (rows + levels[level + 2] <= MANY_ROWS) rows += levels[++level + 1];
  tree.closeFrom(level + 1);
}
