// Colours for what is drawn on canvas, from the theme's own variables. A service keeps its hue; hues near those of the
// critical path and of errors are left out.

const HUES = [205, 165, 265, 230, 140, 300, 185, 245];

const services = [...new Set(core.processes.map((process) => process.service || process.host))];

let inks = {};
const redraws = new Set();

function mix(hue) {
  const style = getComputedStyle(document.documentElement);
  return `oklch(${style.getPropertyValue('--bar-light')} ${style.getPropertyValue('--bar-chroma')} ${hue})`;
}

function readInks() {
  const style = getComputedStyle(document.documentElement);
  const names = ['ground', 'sheet', 'sunk', 'line', 'line-strong', 'ink', 'ink-2', 'ink-3', 'accent', 'accent-soft', 'critical', 'critical-soft', 'error', 'error-soft', 'sans', 'mono'];
  inks = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  inks.services = services.map((_, at) => mix(HUES[at % HUES.length]));
  for (const redraw of redraws) redraw();
}

const serviceOfProcess = core.processes.map((process) => services.indexOf(process.service || process.host));

function inkOf(span) {
  if (spans.isError(span)) return inks.error;
  return inks.services[serviceOfProcess[spans.process[span]]] || inks['ink-3'];
}

function storedTheme() {
  try {
    return localStorage.getItem('telensic-theme');
  } catch {
    // Storage is refused to some files; then the choice lasts as long as the page.
    return null;
  }
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  byId('theme').textContent = { light: '\u2600', dark: '\u263e' }[theme] || '\u25d0';
  byId('theme').title = `Theme: ${theme || 'as the system'} (t)`;
  try {
    if (theme) localStorage.setItem('telensic-theme', theme);
    else localStorage.removeItem('telensic-theme');
  } catch {
    // As above.
  }
  readInks();
}

function nextTheme() {
  const order = ['', 'light', 'dark'];
  setTheme(order[(order.indexOf(document.documentElement.dataset.theme || '') + 1) % 3]);
}
