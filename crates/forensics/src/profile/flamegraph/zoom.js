// A click makes a bar as wide as the drawing; those beside it go, those above it stay as wide as all.
const WIDTH = 1200, CHARACTER = 6.6;
const bars = [...document.querySelectorAll('.bar')].map((g) => ({
  g, rect: g.querySelector('rect'), text: g.querySelector('text'), note: g.querySelector('title').textContent,
  x: +g.dataset.x, w: +g.dataset.w, level: +g.dataset.l,
}));
const detail = document.getElementById('detail'), whole = detail.textContent;
function zoom(to) {
  const scale = WIDTH / to.w;
  for (const bar of bars) {
    const above = bar.level < to.level && bar.x <= to.x + 0.01 && bar.x + bar.w >= to.x + to.w - 0.01;
    const within = bar.level >= to.level && bar.x >= to.x - 0.01 && bar.x + bar.w <= to.x + to.w + 0.01;
    bar.g.style.display = above || within ? '' : 'none';
    const x = above ? 0 : (bar.x - to.x) * scale, w = above ? WIDTH : bar.w * scale;
    bar.rect.setAttribute('x', x);
    bar.rect.setAttribute('width', Math.max(w, 0));
    bar.text.setAttribute('x', x + 3);
    const name = bar.text.dataset.n, fits = Math.floor((w - 6) / CHARACTER);
    bar.text.textContent = name.length <= fits ? name : fits < 3 ? '' : name.slice(0, fits - 2) + '..';
  }
}
for (const bar of bars) {
  bar.g.addEventListener('click', () => zoom(bar));
  bar.g.addEventListener('mouseover', () => { detail.textContent = bar.note; });
  bar.g.addEventListener('mouseout', () => { detail.textContent = whole; });
}
