// Sliders beside the page: what they say goes to the server, and the page draws its answer. The address keeps the state.
(() => {
  const page = startPage(JSON.parse(document.getElementById('data').textContent));
  const controls = JSON.parse(document.getElementById('control-data').textContent);
  const $ = (id) => document.getElementById(id);
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // ---- State: what differs from the file ----
  const text = (value) => typeof value === 'number' ? String(value) : typeof value === 'boolean' ? (value ? 'true' : 'false') : value;
  const query = () => new URLSearchParams(controls.filter((c) => c.now !== text(c.value)).map((c) => [c.path, c.now])).toString();
  for (const control of controls) control.now = text(control.value);

  // ---- Asking: one question at a time, and of those that came meanwhile the last ----
  let asking = false, again = false, asked = query(), since = 0, writing = 0;
  const state = (sentence, wrong) => {
    $('state').textContent = sentence;
    $('state').classList.toggle('wrong', wrong);
  };
  const answered = (sentence) => {
    const changed = controls.filter((c) => c.now !== text(c.value)).length;
    const drawn = performance.now() - since;
    $('state').dataset.milliseconds = Math.round(drawn);
    state(`${changed ? `${changed} changed` : 'As in the file'}. ${sentence}`, false);
  };
  const ask = async () => {
    const wanted = query();
    clearTimeout(writing);  // browsers refuse addresses that change too often
    writing = setTimeout(() => history.replaceState(null, '', wanted ? '#' + wanted : location.pathname), 200);
    $('save-scenario').href = 'scenario.toml?' + wanted;
    $('save-results').href = 'results.h5?' + wanted;
    if (asking) { again = true; return; }
    if (wanted === asked) { answered('Nothing to solve anew.'); return; }
    asking = true;
    const begun = since = performance.now();
    try {
      const response = await fetch('answer?' + wanted);
      const answer = await response.json();
      if (response.ok) {
        page.update(answer);
        asked = wanted;
        answered(`Solved and drawn in ${Math.round(performance.now() - begun)} ms.`);
      } else {
        state(answer.error + '\nWhat is shown is from before.', true);
      }
    } catch (error) {
      state('The program does not answer; it may have ended. What is shown is from before.', true);
    }
    asking = false;
    if (again) { again = false; ask(); }
  };

  // ---- Controls ----
  const set = (control, value) => {
    control.now = value;
    control.show();
  };
  const changed = (control, value) => {
    if (value === control.now) return;
    set(control, value);
    ask();
  };
  const box = (control, ...inputs) => {
    const unit = control.unit ? ` (${control.unit})` : '';
    const name = make('span', {className: 'name', title: control.meaning}, control.label, make('small', {}, unit));
    const line = make('div', {className: 'control'}, name, ...inputs);
    for (const input of inputs) {
      input.setAttribute('aria-label', `${control.group}: ${control.label}${unit}`);
      input.title = control.meaning;
    }
    line.dataset.path = control.path;
    return line;
  };
  const numberControl = (control) => {
    const slider = make('input', {type: 'range', min: control.from, max: control.to, step: control.step});
    const exact = make('input', {type: 'number', step: 'any'});
    if (control.least !== null) exact.min = control.least;
    if (control.most !== null) exact.max = control.most;
    const line = box(control, slider, exact);
    // A slider snaps to its steps; the exact number stands beside it.
    slider.addEventListener('input', () => changed(control, String(Number(slider.value))));
    exact.addEventListener('input', () => {
      const sound = exact.value !== '' && exact.checkValidity();
      exact.setAttribute('aria-invalid', String(!sound));
      if (sound) changed(control, String(exact.valueAsNumber));
    });
    control.show = () => {
      slider.value = control.now;
      if (Number(exact.value) !== Number(control.now) || exact.value === '') exact.value = control.now;
      exact.setAttribute('aria-invalid', 'false');
      line.classList.toggle('changed', control.now !== text(control.value));
    };
    return line;
  };
  const switchControl = (control) => {
    const input = make('input', {type: 'checkbox'});
    const line = box(control, input);
    line.classList.add('switch');
    input.addEventListener('input', () => changed(control, String(input.checked)));
    control.show = () => {
      input.checked = control.now === 'true';
      line.classList.toggle('changed', control.now !== text(control.value));
    };
    return line;
  };
  const choiceControl = (control) => {
    const input = make('select', {}, ...control.choices.map((choice) => make('option', {value: choice}, choice)));
    const line = box(control, input);
    input.addEventListener('change', () => changed(control, input.value));
    control.show = () => {
      input.value = control.now;
      line.classList.toggle('changed', control.now !== text(control.value));
    };
    return line;
  };
  const groups = new Map();
  for (const control of controls) {
    if (!groups.has(control.group)) {
      const field = make('fieldset', {}, make('legend', {}, control.group));
      const more = make('details', {}, make('summary', {}, 'defaults'));
      groups.set(control.group, {field, more, written: 0});
      $('controls').append(field);
    }
    const group = groups.get(control.group);
    const line = typeof control.value === 'number' ? numberControl(control) : typeof control.value === 'boolean' ? switchControl(control) : choiceControl(control);
    const shown = control.written || control.label === 'enabled' || control.path === 'theta.scale' || control.path === 'reference.closure';
    (shown ? group.field : group.more).append(line);
    control.show();
  }
  for (const {field, more} of groups.values()) if (more.children.length > 1) field.append(more);

  // ---- The address ----
  const restore = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const control of controls) {
      set(control, wanted.get(control.path) ?? text(control.value));
      if (wanted.has(control.path)) $('controls').querySelector(`[data-path="${CSS.escape(control.path)}"]`).closest('details')?.setAttribute('open', '');
    }
    ask();
  };
  window.addEventListener('hashchange', restore);
  $('controls').addEventListener('submit', (event) => event.preventDefault());
  $('reset').addEventListener('click', () => {
    for (const control of controls) set(control, text(control.value));
    ask();
  });
  $('copy').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      state('The link is copied: it restores these settings while the program runs.', false);
    } catch (error) {
      state('The link could not be copied; it is in the address bar.', true);
    }
  });
  if (location.hash.length > 1) restore();
})();
