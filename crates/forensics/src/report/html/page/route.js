// What is shown is in the address: `#timeline&span=9f2c...&from=..&to=..`. A link to it leads to the same view.

const views = new Map();

// A view is built when it is first shown. `build` gets its element and returns what to do when it is shown.
function addView(id, title, build, options = {}) {
  views.set(id, { id, title, build, options, element: null, show: null });
}

function readRoute() {
  const [view, ...parts] = location.hash.slice(1).split('&');
  const given = {};
  for (const part of parts) {
    const at = part.indexOf('=');
    if (at < 0) {
      given[part] = '';
      continue;
    }
    try {
      given[part.slice(0, at)] = decodeURIComponent(part.slice(at + 1));
    } catch {
      // A link cut off within an escape: that part is passed over.
    }
  }
  return { view: views.has(view) ? view : 'overview', given };
}

function linkTo(view, given = {}) {
  const parts = Object.entries(given).filter(([, value]) => value !== '' && value !== undefined && value !== null);
  return `#${[view, ...parts.map(([key, value]) => `${key}=${encodeURIComponent(value)}`)].join('&')}`;
}

function go(view, given) {
  location.hash = linkTo(view, given);
}

// Notes in the address what is shown, without a step in the history.
function note(view, given) {
  if (readRoute().view === view) history.replaceState(null, '', linkTo(view, given));
}

function showRoute() {
  const { view, given } = readRoute();
  const shown = views.get(view);
  for (const other of views.values()) if (other.element) other.element.hidden = other !== shown;
  if (!shown.element) {
    shown.element = el('section', { class: shown.options.full ? 'view full' : 'view', 'aria-label': shown.title });
    byId('views').append(shown.element);
    shown.show = shown.build(shown.element) || (() => {});
  }
  for (const tab of byId('tabs').children) {
    if (tab.dataset.view === view) {
      tab.setAttribute('aria-current', 'page');
      tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    } else tab.removeAttribute('aria-current');
  }
  hideTip();
  shown.show(given);
}

function drawTabs() {
  for (const { id, title, options } of views.values()) {
    const number = options.count === undefined ? null : el('span', { class: options.bad ? 'count bad' : 'count' }, count(options.count));
    byId('tabs').append(el('a', { href: `#${id}`, 'data-view': id }, title, number));
  }
}
