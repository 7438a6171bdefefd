'use strict';
// Draws the page of these results; see run_data.cpp and sweep_data.cpp for their keys. The answer's `update` puts another
// result in place of the one that is shown.
const startPage = (results) => {
  const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#f0e442', '#777777'];
  const $ = (id) => document.getElementById(id);
  let now = results[0];  // the result that is shown
  let country = null;    // code of the country that is looked at
  let sorted = {column: null, down: true};

  // ---- Words and numbers ----
  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(properties))
      if (key in element && !key.startsWith('aria')) element[key] = value;
      else element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const unit = (of) => ({percent: '%', '1': ''}[of] ?? of);
  const digits = (value, of) => {
    const most = of === 'million USD' ? (Math.abs(value) < 10 ? 1 : 0) : Math.abs(value) < 0.1 ? 4 : Math.abs(value) < 10 ? 3 : 1;
    return {minimumFractionDigits: most, maximumFractionDigits: most};
  };
  const shown = (value, of, sign = true) => value === null || value === undefined ? '–'
    : (sign && value > 0 ? '+' : '') + value.toLocaleString('en-US', digits(value, of)).replace('-', '−');
  const name = (k) => now.countries[k].name;
  const place = () => Math.max(0, now.countries.findIndex((c) => c.code === country));

  // ---- The word that follows the pointer ----
  const tip = $('tip');
  const tell = (event, text) => {
    tip.textContent = text;
    tip.hidden = false;
    const box = event.currentTarget.getBoundingClientRect();
    const x = event.pageX || box.left + window.scrollX, y = event.pageY || box.bottom + window.scrollY;
    tip.style.left = Math.max(0, Math.min(x + 12, document.documentElement.clientWidth + window.scrollX - tip.offsetWidth - 8)) + 'px';
    tip.style.top = y + 14 + 'px';
  };
  const hush = () => { tip.hidden = true; };

  // ---- Rows of bars ----
  // rows: {label, value, text, segments: [{from, to, colour, kind}], tip, code}; those with a code choose that country.
  // origin: where bars begin and the line stands.
  const chart = (rows, of, caption, origin = 0) => {
    const ends = rows.flatMap((row) => row.segments.flatMap((s) => [s.from, s.to]));
    const low = Math.min(origin, ...ends), high = Math.max(origin, ...ends), span = high - low || 1;
    const at = (value) => 100 * (value - low) / span;
    const box = make('div', {role: 'group', 'aria-label': caption});
    for (const row of rows) {
      const track = make('span', {className: 'track', 'aria-hidden': 'true'});
      for (const {from, to, colour, kind} of row.segments) {
        const bar = make('i', {className: kind ?? ''});
        bar.style.left = at(Math.min(from, to)) + '%';
        if (kind !== 'dot') bar.style.width = Math.max(Math.abs(at(to) - at(from)), 0.15) + '%';
        if (colour) bar.style.background = colour;
        track.append(bar);
      }
      const zero = make('i', {className: 'zero'});
      zero.style.left = at(origin) + '%';
      track.append(zero);
      const line = make(row.code ? 'button' : 'div', {className: 'row' + (row.code && row.code === country ? ' chosen' : '')},
        make('span', {className: 'label'}, row.label), track, make('span', {className: 'value'}, row.text ?? shown(row.value, of)));
      if (row.code) {
        line.type = 'button';
        line.dataset.code = row.code;
        line.setAttribute('aria-label', row.tip.replaceAll('\n', ', '));
        line.addEventListener('click', () => choose(row.code));
      } else {
        line.tabIndex = 0;
        line.setAttribute('role', 'img');
        line.setAttribute('aria-label', row.tip.replaceAll('\n', ', '));
      }
      for (const kind of ['pointermove', 'focus']) line.addEventListener(kind, (event) => tell(event, row.tip));
      for (const kind of ['pointerleave', 'blur']) line.addEventListener(kind, hush);
      box.append(line);
    }
    return box;
  };
  const plain = (label, value, of, more = {}) => ({
    label, value, tip: `${label}: ${shown(value, of)} ${unit(of)}`.trim(),
    segments: [{from: 0, to: value, colour: value < 0 ? COLOURS[3] : COLOURS[0]}], ...more});
  const largest = (rows, most) => [...rows].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, most)
    .sort((a, b) => b.value - a.value);

  // ---- Sections ----
  const sayHead = () => {
    document.title = now.title;
    $('title').textContent = now.title;
    $('question').textContent = now.question;
    $('about').textContent = now.about;
    $('summary').textContent = now.summary.join(' ');
    $('footer').textContent = now.footer;
    const choice = $('choice');
    choice.hidden = results.length < 2;
    choice.replaceChildren(...results.map((result) => {
      const button = make('button', {type: 'button', 'aria-pressed': String(result === now)}, result.file);
      button.addEventListener('click', () => { now = result; draw(); });
      return button;
    }));
  };
  const fillMeasures = () => {
    const kept = $('measure').value;
    $('measure').replaceChildren(...now.columns.filter((c) => c.drawn).map((c) => make('option', {value: c.name}, `${c.label}, ${unit(c.unit)}`)));
    if (now.columns.some((c) => c.drawn && c.name === kept)) $('measure').value = kept;
  };
  const column = (wanted) => now.columns.find((c) => c.name === wanted);

  const drawAnswer = () => {
    const measure = column($('measure').value);
    if (!measure) { $('answer').replaceChildren(); return; }
    const rows = now.countries.map((c, k) => {
      const row = plain(c.name, measure.values[k] ?? 0, measure.unit, {code: c.code});
      if (measure.low) {
        row.segments.push({from: measure.low[k], to: measure.high[k], kind: 'line'});
        row.tip += `\n${measure.band}: ${shown(measure.low[k], measure.unit)} to ${shown(measure.high[k], measure.unit)}`;
      }
      if (measure.positive) row.tip += `\nabove 0 in ${shown(measure.positive[k], 'percent', false)} % of draws`;
      return row;
    });
    const places = new Map(now.countries.map((c, k) => [c.code, k]));
    const most = Number($('shown').value);
    $('answer').replaceChildren(chart(largest(rows, most).filter((row) => places.has(row.code)), measure.unit, measure.label));
    $('answer-note').textContent = measure.description + (measure.low ? ` Bars: ${measure.label}; lines: ${measure.band}.` : '');
  };

  const drawPolicies = () => {
    $('policies').replaceChildren(...now.policies.map((policy) => {
      const list = make('p', {className: 'settings'});
      for (const [key, value, meaning] of policy.settings) list.append(make('span', {title: meaning}, make('code', {}, key), ' ' + value));
      return make('li', {className: policy.enabled ? '' : 'off'},
        make('strong', {}, policy.name), ` (${policy.instrument}${policy.reference ? ', in both worlds' : ''}${policy.enabled ? '' : ', left out'}): ${policy.meaning}`, list);
    }));
    $('remarks').replaceChildren(...now.remarks.map((text) => make('li', {}, text)));
  };

  const legend = (entries) => make('div', {className: 'legend'}, ...entries.map(([text, colour]) => {
    const mark = make('b');
    mark.style.background = colour;
    return make('span', {}, mark, text);
  }));

  const drawCountry = () => {
    const k = place(), panels = [];
    const panel = (title, ...content) => panels.push(make('h3', {}, title), ...content);
    if (now.decomposition) {
      let up = 0, down = 0;
      const total = column('welfare').values[k];
      const parts = now.decomposition.map(({label, values}, c) => ({label, value: values[k], colour: COLOURS[c % COLOURS.length]}))
        .filter((part) => Math.abs(part.value) > 1e-7);
      const segments = parts.map(({value, colour}) => {
        const from = value > 0 ? up : down;
        if (value > 0) up += value; else down += value;
        return {from, to: from + value, colour};
      });
      segments.push({from: total, to: total, kind: 'dot'});
      panel(`${name(k)}: why real income changes, %${now.decomposition_exact ? '' : ', to first order: parts need not add up'}`,
        chart([{label: 'all parts', value: total, segments, tip: parts.map((p) => `${p.label} ${shown(p.value, 'percent')} %`).join('\n') + `\ntogether ${shown(total, 'percent')} %`}], 'percent', 'Parts of the change in real income'),
        legend([...parts.map((p) => [`${p.label} ${shown(p.value, 'percent')}`, p.colour]), ['together', '#000']]));
    }
    if (now.sectors) {
      const rows = now.sectors.names.map((label, s) => {
        const base = now.sectors.base[k][s], change = now.sectors.after[k][s] - base;
        return plain(label, change, 'million USD', {tip: `${label}: ${shown(change, 'million USD')} million USD` + (base > 0 ? ` (${shown(100 * change / base, 'percent')} %)` : '')});
      });
      panel(`${name(k)}: value added by sector, change in million USD`, chart(largest(rows, 12), 'million USD', 'Change of value added by sector'));
    }
    if (now.trade) {
      for (const [title, pick] of [['exports', (m, n) => m[k][n]], ['imports', (m, n) => m[n][k]]]) {
        const rows = now.countries.map((c, n) => n === k ? null : (() => {
          const base = pick(now.trade.base, n), change = pick(now.trade.after, n) - base;
          return plain(c.name, change, 'million USD', {code: c.code, tip: `${c.name}: ${shown(change, 'million USD')} million USD` + (base > 0 ? ` (${shown(100 * change / base, 'percent')} %), from ${shown(base, 'million USD', false)}` : '')});
        })()).filter((row) => row !== null);
        panel(`${name(k)}: ${title} by partner, change in million USD`, chart(largest(rows, 10), 'million USD', `Change of ${title} by partner`));
      }
    }
    if (now.tornado) {
      const measure = now.tornado, middle = measure.middle[k];
      const rows = now.factors.map((factor, f) => {
        const low = measure.low[f][k], high = measure.high[f][k];
        return {label: factor, value: Math.abs(high - low), text: shown(Math.abs(high - low), measure.unit, false),
          segments: [{from: middle, to: low, colour: COLOURS[1]}, {from: middle, to: high, colour: COLOURS[0]}],
          tip: `${factor}\nat its ${measure.levels[0]} % quantile: ${shown(low, measure.unit)}\nat its ${measure.levels[1]} % quantile: ${shown(high, measure.unit)}`};
      }).sort((a, b) => b.value - a.value);
      panel(`${name(k)}: what ${measure.label} depends on, ${unit(measure.unit)}`, chart(rows, measure.unit, 'What it depends on', middle),
        legend([[`factor at its ${measure.levels[0]} % quantile`, COLOURS[1]], [`at its ${measure.levels[1]} % quantile`, COLOURS[0]]]));
    }
    $('panels').replaceChildren(...panels);
  };

  const sortable = (table, heads, rows, mark, draw) => {
    const head = make('tr');
    for (const [title, key, explained] of heads) {
      const state = mark.column === key ? (mark.down ? 'descending' : 'ascending') : 'none';
      const button = make('button', {type: 'button', title: explained}, title);
      button.addEventListener('click', () => {
        mark.down = mark.column === key ? !mark.down : key !== 'name';
        mark.column = key;
        draw();
        [...table.querySelectorAll('th button')].find((b) => b.textContent === title)?.focus();
      });
      head.append(make('th', {scope: 'col', 'aria-sort': state}, button));
    }
    table.replaceChildren(make('thead', {}, head), make('tbody', {}, ...rows));
  };
  const ordered = (keys, mark) => {
    const order = keys.map((_, k) => k);
    if (mark.column === null) return order;
    const compare = (a, b) => typeof keys[a] === 'string' ? keys[a].localeCompare(keys[b]) : (keys[a] ?? -Infinity) - (keys[b] ?? -Infinity);
    order.sort((a, b) => (mark.down ? -1 : 1) * compare(a, b));
    return order;
  };
  const cell = (value, of) => make('td', {className: value > 0 ? 'up' : value < 0 ? 'down' : ''}, shown(value, of));

  const drawTable = () => {
    const keys = sorted.column === 'name' ? now.countries.map((c) => c.name) : column(sorted.column)?.values ?? now.countries.map((_, k) => -k);
    const wanted = $('find').value.trim().toLowerCase();
    const rows = ordered(keys, column(sorted.column) || sorted.column === 'name' ? sorted : {column: null})
      .filter((k) => `${now.countries[k].name} ${now.countries[k].code}`.toLowerCase().includes(wanted))
      .map((k) => {
        const link = make('button', {type: 'button', className: 'row', style: 'display:inline'}, now.countries[k].name);
        link.addEventListener('click', () => choose(now.countries[k].code));
        return make('tr', {className: now.countries[k].code === country ? 'chosen' : ''}, make('td', {}, link),
          ...now.columns.map((c) => c.signed === false ? make('td', {}, shown(c.values[k], c.unit, false)) : cell(c.values[k], c.unit)));
      });
    sortable($('table'), [['Country', 'name', ''], ...now.columns.map((c) => [`${c.label}${unit(c.unit) ? ', ' + unit(c.unit) : ''}`, c.name, c.description])], rows, sorted, drawTable);
  };

  const beside = {column: null, down: true};
  const drawCompare = () => {
    const comparable = results.filter((r) => r.columns.some((c) => c.name === 'welfare'));
    $('compare-section').hidden = comparable.length < 2;
    if (comparable.length < 2) return;
    const codes = new Map();
    for (const result of comparable) for (const c of result.countries) codes.set(c.code, c.name);
    const value = (result, code) => {
      const k = result.countries.findIndex((c) => c.code === code);
      return k < 0 ? null : result.columns.find((c) => c.name === 'welfare').values[k];
    };
    const list = [...codes];
    const keys = beside.column === 'name' ? list.map(([, n]) => n) : beside.column === null ? list.map((_, k) => -k)
      : list.map(([code]) => value(comparable[Number(beside.column)], code));
    const rows = ordered(keys, beside).map((k) => make('tr', {}, make('td', {}, list[k][1]), ...comparable.map((result) => cell(value(result, list[k][0]), 'percent'))));
    sortable($('compare'), [['Country', 'name', ''], ...comparable.map((result, r) => [`${result.file}: welfare, %`, String(r), result.title])], rows, beside, drawCompare);
  };

  const drawMethod = () => {
    const list = (title, texts) => texts.length ? [make('h3', {}, title), make('ul', {}, ...texts.map((text) => make('li', {}, text)))] : [];
    const text = make('details', {}, make('summary', {}, 'The file itself'), make('pre', {}, now.text));
    $('method').replaceChildren(...now.method.map((paragraph) => make('p', {}, paragraph)), ...list('Sources', now.sources), ...list('Notes', now.notes), text);
  };

  const choose = (code) => {
    const focused = document.activeElement?.dataset?.code;
    country = code;
    $('country').value = code;
    drawAnswer();
    drawCountry();
    drawTable();
    if (focused) document.querySelector(`#answer [data-code="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
  };

  const draw = () => {
    hush();
    sayHead();
    fillMeasures();
    if (!now.countries.some((c) => c.code === country)) {
      const values = column('welfare')?.values ?? [];
      const most = values.reduce((best, value, k) => Math.abs(value) > Math.abs(values[best]) ? k : best, 0);
      country = now.countries[most]?.code ?? null;
    }
    $('country').replaceChildren(...now.countries.map((c) => make('option', {value: c.code}, c.name)));
    $('country').value = country;
    drawAnswer();
    drawPolicies();
    drawCountry();
    drawTable();
    drawCompare();
    drawMethod();
  };

  $('measure').addEventListener('change', drawAnswer);
  $('shown').addEventListener('change', drawAnswer);
  $('country').addEventListener('change', (event) => choose(event.target.value));
  $('find').addEventListener('input', drawTable);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hush(); });
  draw();
  return {
    update: (fresh) => {
      results[results.indexOf(now)] = fresh;
      now = fresh;
      draw();
    },
  };
};
