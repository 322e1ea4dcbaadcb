// Verifies the run that an evidence pack holds: every file against the seal, the seal against its signature.
//
// The work is done in slices, so the page stays usable. `#verify&now` begins at once; the outcome is in `data-verdict` of
// the document's root too, for programs.

const SLICE_MS = 30;

function breathe() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

// Calls `tell(check)` for each thing that was looked at: { name, isGood, said }.
async function verifyPack(index, givenKey, tell, progress) {
  let isGood = true;
  const check = (name, good, said) => {
    isGood = isGood && good;
    tell({ name, isGood: good, said });
  };
  const sealAt = index.files.findIndex((file) => file.path === 'seal.json');
  if (sealAt < 0) {
    check('seal.json', false, 'the pack holds no seal');
    return false;
  }
  let seal;
  try {
    seal = parseSeal(wholeFile(sealAt, index.files[sealAt].size));
    const { isSigned, by } = await sealSignature(seal);
    check('Signature', isSigned, isSigned ? `Ed25519, checked by ${by}; key ${seal.said.public_key}` : `the statement was altered, or not signed by the key that it names (${seal.said.public_key})`);
    const root = sealRoot(seal);
    check('Merkle root', root === seal.said.merkle_root, root === seal.said.merkle_root ? `${root}, over ${counted(seal.entries.length, 'entry', 'entries')}` : 'an entry of the seal was altered, added or removed');
  } catch (error) {
    check('seal.json', false, `altered: ${error.message}`);
    return false;
  }
  if (givenKey !== '') {
    const isSame = givenKey.toLowerCase() === seal.said.public_key;
    check('Given key', isSame, isSame ? 'the seal was made with it' : 'the seal was made with another key');
  }
  check('Run', seal.said.run_id === core.run.run_id, seal.said.run_id === core.run.run_id
    ? `${seal.said.run_id}, sealed ${seal.said.sealed_at}${seal.said.sequence === null ? '' : `, number ${seal.said.sequence} of its ledger`}` : `the seal is that of ${seal.said.run_id}`);
  const sealed = new Map(seal.read.map((entry) => [entry.path, entry]));
  const total = index.files.reduce((sum, file) => sum + file.size, 1);
  let done = 0, last = performance.now();
  for (const [number, file] of index.files.entries()) {
    if (number === sealAt) continue;
    const entry = sealed.get(file.path);
    sealed.delete(file.path);
    if (!entry?.content) {
      check(file.path, false, 'not in the seal: it was added later');
      continue;
    }
    const hash = new Blake3(), sums = new BlockSums(entry.content);
    try {
      for (const piece of filePieces(number, file.size)) {
        for (let at = 0; at < piece.length; at += 1 << 18) {
          const slice = piece.subarray(at, at + (1 << 18));
          hash.update(slice);
          sums.update(slice);
          done += slice.length;
          if (performance.now() - last > SLICE_MS) {
            progress(done / total);
            await breathe();
            last = performance.now();
          }
        }
      }
      const digest = hash.hex();
      const ranges = sums.finish();
      if (file.size !== entry.content.size) check(file.path, false, `altered: ${count(file.size)} bytes instead of ${count(entry.content.size)}`);
      else if (digest !== entry.content.blake3) check(file.path, false, `altered${ranges.length > 0 ? ` within bytes ${ranges.slice(0, 3).map(([from, to]) => `${from}-${to - 1}`).join(', ')}` : ''}`);
      else check(file.path, true, `${bytes(file.size)}, BLAKE3 ${digest}`);
    } catch (error) {
      check(file.path, false, `altered: it cannot be unpacked (${error.message})`);
    }
  }
  for (const [path, entry] of sealed) {
    if (entry.content) check(path, false, 'missing: the seal lists it, the pack does not hold it');
    else check(path, index.links.includes(path), index.links.includes(path) ? 'a link or special file: named, not held' : 'missing');
  }
  progress(1);
  return isGood;
}

function download(name, content) {
  const url = URL.createObjectURL(new Blob([content]));
  el('a', { href: url, download: name.split('/').pop() }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

function fileList(index) {
  const list = new List([
    { title: 'File', width: 'minmax(140px, 3fr)', class: 'mono', cell: (row) => row.path, sort: (row) => row.path },
    { title: 'Size', width: '90px', class: 'number', cell: (row) => bytes(row.size), sort: (row) => row.size },
    { title: '', width: '90px', class: 'number', cell: (row) => el('a', { href: '#verify', onclick: (event) => { event.preventDefault(); download(row.path, wholeFile(row.number, row.size)); } }, 'Extract') },
  ], { label: 'Files in this pack', height: 16 * ROW });
  list.setRows(index.files.map((file, number) => ({ ...file, number })));
  return card('Files', `${counted(index.files.length, 'file')}, ${bytes(index.files.reduce((sum, file) => sum + file.size, 0))}; the whole directory comes back with \u201ctelensic import\u201d`, list.element);
}

const MOST_CHECKS = 2000;

if (core.is_pack) {
  addView('verify', 'Verify', (view) => {
    const index = packIndex();
    const key = el('input', { type: 'text', placeholder: 'Public key to compare with: 64 hex digits (optional)', 'aria-label': 'Public key to compare with', spellcheck: 'false' });
    styled(key, { flex: '1' });
    const bar = el('i'), meter = el('div', { class: 'progress', role: 'progressbar', 'aria-label': 'Verified' }, bar);
    const verdict = el('div', { class: 'verdict', role: 'status' }, el('strong', {}, 'Not verified yet'));
    const checks = el('ul', { class: 'checks' });
    const start = el('button', { type: 'button', class: 'primary', onclick: () => run() }, 'Verify');
    view.append(el('div', { class: 'page' }, verdict,
      el('p', { class: 'muted' }, 'Hashes every file in this page with BLAKE3, recomputes the Merkle root of the seal and checks its Ed25519 signature, here, in plain JavaScript that you can read in this file\u2019s source. A signature proves who sealed only if you know the key from elsewhere: compare it. The other views are drawn from a copy; what is verified, and what was sealed, are the files below. A page cannot prove its own code either: for that, unpack it and run \u201ctelensic verify\u201d.'),
      el('div', { class: 'toolbar card' }, key, start), meter, card('Checks', '', el('div', { class: 'inner' }, checks)), fileList(index)));
    let isRunning = false;
    async function run() {
      if (isRunning) return;
      isRunning = start.disabled = true;
      checks.replaceChildren();
      verdict.replaceChildren(el('strong', {}, 'Verifying\u2026'));
      const bad = [];
      let shown = 0;
      const began = performance.now();
      const tell = ({ name, isGood, said }) => {
        const row = el('li', {}, el('span', { class: isGood ? 'good' : 'bad', 'aria-label': isGood ? 'OK' : 'altered' }, isGood ? '\u2713' : '\u2717'), el('div', {}, el('span', { class: 'mono' }, name), el('small', { class: isGood ? '' : 'bad' }, said)));
        if (!isGood) {
          bad.push(name);
          checks.prepend(row);
        } else if (shown++ < MOST_CHECKS) checks.append(row);
      };
      const isGood = await verifyPack(index, key.value.trim(), tell, (share) => styled(bar, { width: `${share * 100}%` }));
      const text = isGood ? 'Unaltered' : `Altered: ${bad.slice(0, 3).join(', ')}${bad.length > 3 ? ` and ${bad.length - 3} more` : ''}`;
      verdict.replaceChildren(el('strong', { class: isGood ? 'good' : 'bad' }, text), el('p', {}, isGood
        ? `Every byte is as it was sealed; checked in ${duration((performance.now() - began) * 1e6)}.` : 'This is not the record that was sealed.'));
      document.documentElement.dataset.verdict = text;
      isRunning = start.disabled = false;
    }
    return (given) => { if ('now' in given) run(); };
  });
}
