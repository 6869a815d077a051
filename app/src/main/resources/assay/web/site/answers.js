// Answers as tokens: written as they come, marked, coloured, looked into.
import {bar, h, percent, signed, tell} from './page.js';

export const NAMES = {base: 'Base', target: 'Target', soft: 'Soft prompt', mixture: 'Mixture'};
const COLOURS = 8;
const tip = h('div.tip', {hidden: true, 'aria-hidden': 'true'});
document.body.append(tip);

/** Hides what stands beside a token. */
export function hideTip() {
  tip.hidden = true;
}

/** An answer that has not begun. `begun` are tokens it begins with, `{id, text}` each. */
export function blank(begun = []) {
  return {tokens: [], pieces: begun.map((token, place) => ({...token, place})), ending: null, reading: null, seconds: [0, 0]};
}

/** Class by which a prompt is known everywhere. */
export const colour = index => `p${index % COLOURS}`;

/** The element that shows an answer; `look(place)` is called when a token is chosen, `want()` when it needs a reading. */
export function pane(answer, name, {look, want}) {
  const body = h('div.answer', {tabindex: '0', role: 'group', dir: 'auto',
    'aria-label': `Answer of ${NAMES[name]}. Left and right choose a token, Enter shows what else might have stood there.`});
  let cursor = -1;
  const at = target => {
    const token = target.closest?.('.token');
    return token && body.contains(token) ? Number(token.dataset.place) : -1;
  };
  const move = to => {
    body.querySelector('.cursor')?.classList.remove('cursor');
    cursor = Math.min(answer.pieces.length - 1, Math.max(0, to));
    const token = body.children[cursor];
    token?.classList.add('cursor');
    if (token) {
      tell(`${answer.pieces[cursor].text.trim() || 'blank'}, token ${cursor + 1} of ${answer.pieces.length}`);
      hint(token, answer, cursor);
    }
  };
  body.addEventListener('keydown', event => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (step) {
      event.preventDefault();
      move(cursor + step);
    } else if (event.key === 'Enter' && cursor >= 0) {
      event.preventDefault();
      look(cursor);
    } else if (event.key === 'Escape') {
      tip.hidden = true;
    }
  });
  body.addEventListener('click', event => {
    const place = at(event.target);
    if (place >= 0) {
      move(place);
      look(place);
    }
  });
  body.addEventListener('mouseover', event => {
    const place = at(event.target);
    if (place >= 0 && answer.ending) {
      if (!answer.reading && name === 'mixture') {
        want();
      }
      hint(event.target.closest('.token'), answer, place);
    }
  });
  body.addEventListener('mouseleave', () => { tip.hidden = true; });
  body.addEventListener('blur', () => { tip.hidden = true; });
  return body;
}

/** Writes what has come since. */
export function write(body, answer) {
  for (let place = body.childElementCount; place < answer.pieces.length; place++) {
    body.append(h('span.token', {'data-place': place}, answer.pieces[place].text));
  }
}

/** Marks and colours the tokens of an answer. */
export function paint(body, answer, mode, other) {
  const same = mode === 'differences' && other ? common(answer.pieces, other.pieces) : null;
  [...body.children].forEach((token, place) => {
    const read = answer.reading?.places[place];
    token.className = 'token';
    if (same && !same.has(place)) {
      token.classList.add('differs');
    }
    if (mode === 'heat' && read && read.kl_mixture !== null && read.kl_mixture !== undefined) {
      token.classList.add(`heat-${heat(read.kl_mixture)}`);
    }
    if (mode === 'prompts' && read?.why) {
      const loudest = read.why.shares.filter(share => share.nats > 0).sort((a, b) => b.nats - a.nats)[0];
      if (loudest) {
        token.classList.add('spoken', colour(loudest.index));
      }
    }
  });
}

/** Nats into five steps. */
const heat = nats => nats < .02 ? 0 : nats < .1 ? 1 : nats < .3 ? 2 : nats < .8 ? 3 : nats < 2 ? 4 : 5;

/** Places of the first list that belong to the longest common subsequence with the second. */
export function common(one, other) {
  const ids = [one.map(token => token.id), other.map(token => token.id)];
  const [m, n] = [one.length, other.length];
  const longest = Array.from({length: m + 1}, () => new Uint16Array(n + 1));
  for (let i = m - 1; i >= 0; i--) {
    for (let j = n - 1; j >= 0; j--) {
      longest[i][j] = ids[0][i] === ids[1][j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  const same = new Set();
  for (let i = 0, j = 0; i < m && j < n;) {
    if (ids[0][i] === ids[1][j]) {
      same.add(i);
      i++;
      j++;
    } else {
      longest[i + 1][j] >= longest[i][j + 1] ? i++ : j++;
    }
  }
  return same;
}

/** What is known of a token, beside it. */
function hint(token, answer, place) {
  const read = answer.reading?.places[place];
  const lines = [];
  if (read?.why) {
    lines.push(h('b', 'Which prompt spoke'), shares(read.why, 4));
  } else if (answer.pieces[place].probability !== undefined) {
    lines.push(h('span', `probability ${percent(answer.pieces[place].probability)}`));
  }
  if (!lines.length) {
    tip.hidden = true;
    return;
  }
  tip.replaceChildren(...lines);
  tip.hidden = false;
  const box = token.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
  const below = box.bottom + 8;
  tip.style.top = `${below + tip.offsetHeight > innerHeight ? box.top - tip.offsetHeight - 8 : below}px`;
}

/** What each prompt added to the token's lead over its runner-up. */
function shares(why, most) {
  const sorted = [...why.shares].sort((a, b) => Math.abs(b.nats) - Math.abs(a.nats));
  const largest = Math.max(Math.abs(why.base), ...sorted.map(share => Math.abs(share.nats)), 1e-9);
  const row = (text, nats, chip) => h('li', h('span.weight', signed(nats, 1)), bar(nats < 0 ? 'negative' : 'mixture', Math.abs(nats) / largest),
    h('span', {dir: 'auto'}, chip, text));
  return h('ul.prompts.shares',
    sorted.slice(0, most).map(share => row(share.prompt, share.nats, h(`span.chip.${colour(share.index)}`, {'aria-hidden': 'true'}))),
    sorted.length > most ? h('li', h('span.weight', signed(sorted.slice(most).reduce((sum, share) => sum + share.nats, 0), 1)),
      h('span'), h('span.quiet', `${sorted.length - most} more`)) : null,
    row('the base by itself', why.base, null));
}

/** What every column expected in a place; `branch(token)` goes on from another one. */
export function dock(answer, name, place, branch, close) {
  const read = answer.reading.places[place];
  const columns = Object.keys(NAMES).filter(column => read.columns[column]);
  const most = Math.max(...columns.map(column => read.columns[column].likeliest.length));
  const title = h('h3', {tabindex: '-1'}, 'In the place of ', h('q', {dir: 'auto'}, shown(read.text)), ` in the answer of ${NAMES[name]}`);
  const told = [`KL(target‖base) ${read.kl_base.toFixed(2)}`,
    read.kl_mixture === null || read.kl_mixture === undefined ? null : `KL(target‖mixture) ${read.kl_mixture.toFixed(2)} nats`];
  return {title, element: h('aside.dock', {'aria-label': 'What else might have stood there'},
    h('div.head', title, h('button', {type: 'button', onclick: close, 'aria-label': 'Close'}, '×')),
    h('p.quiet', told.filter(Boolean).join(', '), '. Choose a token to go on from it.'),
    h('div.scroll', {tabindex: '0', role: 'region', 'aria-label': 'Likeliest tokens'}, h('table.likeliest',
      h('thead', h('tr', columns.map(column => h('th', {scope: 'col'}, NAMES[column])))),
      h('tbody',
        h('tr', columns.map(column => h('td', h('span.quiet', `this one ${chance(read.columns[column].probability)}`)))),
        Array.from({length: most}, (_, rank) => h('tr', columns.map(column => {
          const choice = read.columns[column].likeliest[rank];
          return h('td', choice ? h('button.choice', {type: 'button', 'aria-label': `${shown(choice.text)}, ${chance(choice.probability)}, go on from it`,
            onclick: () => branch(choice)}, h('code', {dir: 'auto'}, shown(choice.text)), h('span', chance(choice.probability))) : null);
        })))))),
    read.why ? h('div.why', h('h4', `Why ${shown(read.text)} and not ${shown(read.why.rival_text)}: ${signed(read.why.difference, 1)} nats of logit`),
      shares(read.why, 12)) : null)};
}

const shown = text => text.replace(/\n/g, '⏎').replace(/ /g, '␣') || '∅';

const chance = probability => probability >= .005 ? percent(probability) : '<1%';
