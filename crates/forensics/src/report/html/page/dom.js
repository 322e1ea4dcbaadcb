// Elements. Text goes in as text, never as markup, so no record can become part of the page.

const SVG = 'http://www.w3.org/2000/svg';

function fillElement(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

function el(name, attributes = {}, ...children) {
  return fillElement(document.createElement(name), attributes, children);
}

function svg(name, attributes = {}, ...children) {
  return fillElement(document.createElementNS(SVG, name), attributes, children);
}

// Style through the object model: style attributes are not allowed by the page's policy.
function styled(element, style) {
  Object.assign(element.style, style);
  return element;
}

function byId(id) {
  return document.getElementById(id);
}

function card(title, note, ...children) {
  return el('section', { class: 'card' }, el('header', {}, el('h2', {}, title), note ? el('p', {}, note) : null), ...children);
}

function pairs(entries) {
  return el('dl', { class: 'pairs' }, entries.map(([key, value]) => [el('dt', {}, key), el('dd', {}, value)]));
}

// Calls `then` when nothing came for so many milliseconds.
function later(then, delay = 120) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => then(...given), delay);
  };
}

// A canvas in device pixels, drawn in CSS pixels.
function sizeCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    styled(canvas, { width: `${width}px`, height: `${height}px` });
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function showTip(lines, x, y) {
  const tip = byId('tip');
  tip.replaceChildren(...lines.map((line) => el('div', {}, line)));
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  styled(tip, {
    left: `${Math.max(4, Math.min(x + 14, innerWidth - width - 6))}px`,
    top: `${y + 18 + height > innerHeight ? y - height - 10 : y + 18}px`,
  });
}

function hideTip() {
  byId('tip').hidden = true;
}
