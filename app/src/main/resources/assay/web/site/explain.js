// A new explanation: what, the forecast, and how it grows.
import {ask, encode, follow} from './server.js';
import {button, bytes, failed, field, h, percent, s, seconds, tell} from './page.js';
import {list} from './home.js';
import {chooser} from './targets.js';

export async function explain(place) {
  const [{adapters}, about] = await Promise.all([ask('/api/adapters'), ask('/api/about')]);
  place.append(h('h1', 'Explain'), h('p.lead', 'Which weighted prompts behave like it?'));
  if (!about.has_atlas) {
    place.append(failed(`The model ${about.model} has no dictionary yet. Build one first: assay atlas build.`));
  }
  const target = chooser('Explain', adapters);
  const number = (name, value, min, max) => h('input', {type: 'number', name, value, min, max, inputmode: 'numeric'});
  const atoms = number('atoms', 20, 1, 200);
  const search = number('search', 48, 0, 10000);
  const tokens = number('tokens', 0, 0, 256);
  const seed = number('seed', 0, 0, 999999999);
  const tokensField = field('Also by way of a soft prompt, tokens', tokens, '0 for no; 16 doubles the time.');
  const forecast = h('p.forecast', {role: 'status'});

  const wanted = () => ({
    ...target.wanted(),
    atoms: Number(atoms.value), search: Number(search.value), tokens: Number(tokens.value), seed: Number(seed.value),
  });
  const foresee = async () => {
    tokensField.hidden = target.wanted().kind !== 'adapter';
    try {
      const told = await ask('/api/forecast', {...wanted(), spec: wanted().spec || 'any'});
      forecast.replaceChildren(h('b', `${seconds(told.low_seconds)} to ${seconds(told.high_seconds)}`),
        `, about ${bytes(told.bytes)} of memory in all. `, h('span.quiet', `A rough figure: ${told.basis}`));
    } catch (failure) {
      forecast.textContent = failure.message;
    }
  };
  const form = h('form.explain', {onsubmit: event => event.preventDefault(), onchange: foresee},
    target.elements,
    h('details', h('summary', 'How much'), h('div.grid', field('Prompts at most', atoms),
      field('Prompts tried beyond the dictionary', search, '0 for none'), tokensField, field('Seed', seed))),
    forecast,
    h('p', button('button.primary', 'Explain it', async () => {
      const {run} = await ask('/api/explanations', wanted());
      location.hash = `#/explain/${encode(run)}`;
    })));
  place.append(form);
  foresee();
}

export async function watch(place, run) {
  const found = [];
  const curve = [];
  const stages = new Map();
  const state = h('p.eyebrow', 'Under way');
  const title = h('h1', {dir: 'auto'}, run.replace(/^\d{8}-\d{6}-/, ''));
  const stageList = h('ol.stages', {'aria-label': 'Stages'});
  const rounds = h('ol.rounds', {'aria-label': 'What the search proposed, newest first'});
  const proposed = h('section', {hidden: true}, h('h2', 'Proposed by the search'), rounds);
  const prompts = h('div', h('p.quiet', 'They come once the candidates have been run.'));
  const chart = h('div.chart');
  const notes = h('ol.notes');
  const actions = h('p.links');
  place.append(state, title, actions,
    h('div.watch',
      h('div', h('section', h('h2', 'Stages'), stageList), proposed),
      h('section', h('h2', 'Prompts, as they are added'), chart, prompts, h('details.quiet', h('summary', 'All it said'), notes))));
  const known = (await ask('/api/explanations')).explanations.find(one => one.run === run);
  let clock = 0;
  if (known) {
    title.textContent = named(known.wanted);
    if (!known.is_over) {
      const tick = () => { state.textContent = `Under way for ${seconds((Date.now() - Date.parse(known.begun)) / 1000)}`; };
      tick();
      clock = setInterval(tick, 1_000);
    }
  }
  actions.append(button('button', 'Stop', async made => {
    made.textContent = 'Stopping at the next safe point …';
    await ask(`/api/explanations/${encode(run)}/stop`, {});
  }));
  const hear = {
    stage: told => {
      let row = stages.get(told.name);
      if (!row) {
        row = h('li', h('span.name', told.name), h('progress', {'aria-label': told.name}), h('span.count'));
        stages.set(told.name, row);
        stageList.append(row);
      }
      const meter = row.querySelector('progress');
      row.classList.toggle('ended', told.ended);
      meter.max = told.total || 1;
      if (told.total || told.ended) {
        meter.value = told.ended ? meter.max : told.done;
      } else {
        meter.removeAttribute('value');
      }
      row.querySelector('.count').textContent = told.total ? `${told.done} of ${told.total}` : told.ended ? 'done' : '';
    },
    round: told => {
      proposed.hidden = false;
      rounds.prepend(h('li', h('span.quiet', `${told.strategy} · ${told.screened} looked at`), ' ', h('b', {dir: 'auto'}, told.prompt)));
    },
    prompt: told => {
      if (told.k === 1) {
        found.length = 0;
        curve.length = 0;
      }
      found.push({prompt: told.prompt, weight: told.weight});
      prompts.replaceChildren(list(found));
    },
    fitted: told => {
      curve.push(told);
      chart.replaceChildren(drawn(curve));
    },
    note: told => notes.append(h('li', told.text)),
    over: told => {
      clearInterval(clock);
      over(told, state, actions, run);
    },
  };
  const stream = follow(`/api/explanations/${encode(run)}/events`, (type, data) => hear[type]?.(data));
  stream.done.catch(failure => {
    if (failure.isFinal) {
      gone(state, actions, run);
    } else {
      actions.append(failed(failure));
    }
  });
  return () => {
    clearInterval(clock);
    stream.stop();
  };
}

/** A prompt by its text, an adapter by the last part of where it lies. */
function named({kind, spec}) {
  return kind === 'prompt' ? spec : spec.replace(/\/+$/, '').split('/').at(-1);
}

function over(told, state, actions, run) {
  const words = {finished: 'Finished', stopped: 'Stopped; what it had finished is kept', failed: 'Failed'};
  state.textContent = words[told.state];
  tell(words[told.state]);
  actions.replaceChildren();
  if (told.state === 'finished') {
    actions.append(h('a.primary', {href: `#/run/${encode(run)}`}, 'See the report'),
      h('a', {href: `#/talk/run/${encode(run)}`}, 'Talk to it'));
  } else if (told.state === 'stopped') {
    actions.append(goOn(run));
  } else {
    actions.append(failed(told.message));
  }
}

function goOn(run) {
  return button('button.primary', 'Go on', async () => {
    await ask(`/api/explanations/${encode(run)}/resume`, {});
    dispatchEvent(new HashChangeEvent('hashchange'));
  });
}

/** The server was started anew since: the run is finished, or can go on. */
async function gone(state, actions, run) {
  const card = (await ask('/api/runs')).runs.find(one => one.id === run);
  actions.replaceChildren();
  if (card?.state === 'finished') {
    over({state: 'finished'}, state, actions, run);
  } else if (card?.state === 'stopped') {
    over({state: 'stopped'}, state, actions, run);
  } else {
    state.textContent = 'There is no such run';
  }
}

/** What was closed where weights are fitted, by number of prompts. */
function drawn(points) {
  // Drawn as wide as it is shown, so that its words are as large as others.
  const width = Math.min(520, Math.max(260, innerWidth - 32)), height = 170, left = 40, top = 10, bottom = 24;
  const most = Math.max(5, points.at(-1).k);
  const x = k => left + (width - left - 8) * (k - 1) / (most - 1);
  const y = share => top + (height - top - bottom) * (1 - Math.max(0, share));
  const last = points.at(-1);
  return h('figure', s('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': `${percent(last.closed)} closed by ${last.k} prompts where weights are fitted`},
  [0, .5, 1].map(share => [
    s('line.grid', {x1: left, x2: width - 8, y1: y(share), y2: y(share)}),
    s('text', {x: left - 6, y: y(share) + 4, 'text-anchor': 'end'}, percent(share))]),
  s('text', {x: width - 8, y: height - 4, 'text-anchor': 'end'}, `${last.k} ${last.k === 1 ? 'prompt' : 'prompts'}`),
  s('polyline.line', {points: points.map(point => `${x(point.k)},${y(point.closed)}`).join(' ')}),
  points.map(point => s('circle.dot', {cx: x(point.k), cy: y(point.closed), r: 2.5}))),
  h('figcaption', 'Closed where the weights are fitted, which flatters. The report measures it on text never seen, beside random prompts.'));
}
