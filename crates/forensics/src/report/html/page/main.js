// Fills the frame, and begins.

const STATUS_CLASS = { succeeded: 'ok', failed: 'error', crashed: 'error', interrupted: 'open', running: 'open' };

byId('run-id').textContent = core.run.run_id;
byId('run-line').textContent = [core.run.profile, `on ${core.run.host}`, `${instant(core.run.started_unix_nano).slice(0, 19)} UTC`,
  duration(core.health ? core.health.wall_ns : core.extent), `telensic ${core.version}`].join('  \u00b7  ');
byId('run-status').textContent = core.run.status;
byId('run-status').classList.add(STATUS_CLASS[core.run.status] || 'open');
byId('theme').addEventListener('click', nextTheme);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', readInks);

drawTabs();
setTheme(storedTheme() || '');
window.addEventListener('hashchange', showRoute);

document.addEventListener('keydown', (event) => {
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === 'Escape') {
    if (isTyping) event.target.blur();
    else closePanel();
    return;
  }
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const tab = [...byId('tabs').children][Number(event.key) - 1];
  if (event.key === '/') {
    const search = document.querySelector('.view:not([hidden]) input[type="search"]');
    if (!search) return;
    search.focus();
    search.select();
  } else if (event.key === 't') nextTheme();
  else if (tab && event.key.length === 1) location.hash = tab.getAttribute('href');
  else return;
  event.preventDefault();
});

function begin() {
  showRoute();
  requestAnimationFrame(() => {
    // For programs that measure: milliseconds from the start of loading to the first frame.
    document.documentElement.dataset.drawn = performance.now().toFixed(0);
  });
}

// The files of a pack stand behind this script.
if (core.is_pack && document.readyState === 'loading' && location.hash.startsWith('#verify')) document.addEventListener('DOMContentLoaded', begin);
else begin();
