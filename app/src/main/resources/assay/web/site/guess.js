// Guess the fine-tune: a list, four targets. It tests with people whether lists name what they stand for.
import {ask} from './server.js';
import {button, download, failed, h, percent, tell} from './page.js';
import {list} from './home.js';

const CHANCE = 1 / 4;
const results = [];

export async function guess(place) {
  const source = h('select', {'aria-label': 'Lists from'}, h('option', {value: 'examples'}, 'lists that come with Assay'),
    h('option', {value: 'runs'}, 'my runs'));
  const question = h('section.question');
  const score = h('section.score');
  const next = () => ask('/api/guesses', {source: source.value})
    .then(round => question.replaceChildren(asked(round, source.value, next, () => score.replaceChildren(scored()))),
      failure => question.replaceChildren(failed(failure)));
  source.addEventListener('change', next);
  place.append(h('h1', 'Guess the fine-tune'),
    h('p.lead', 'These prompts, weighted and mixed, behave like one of four targets. Which?'),
    h('p.quiet', 'Bars say how strongly each prompt counts; hollow ones push away from it. Now and then the list is of a target'
      + ' whose traces were shuffled, which nobody should recognise: you are told afterwards, and it is scored apart.'),
    h('p', h('label', 'Lists: ', source)), question, score);
  score.append(scored());
  await next();
}

function asked(round, source, next, rescore) {
  const legend = h('h2', 'Which target is it?');
  const buttons = round.options.map((option, index) => h('button.option', {type: 'button', dir: 'auto', onclick: async () => {
    buttons.forEach(one => { one.disabled = true; });
    const answer = await ask(`/api/guesses/${round.round}/answer`, {});
    const isRight = answer.right === index;
    buttons[answer.right].classList.add('right');
    buttons[index].classList.toggle('wrong', !isRight);
    results.push({at: new Date().toISOString(), source, prompts: round.prompts, options: round.options,
      chosen: index, right: answer.right, shuffled: answer.is_null});
    const words = (isRight ? 'Right.' : 'Wrong.') + (answer.is_null ? ' This list was shuffled: it names nothing, so this was luck or none.' : '');
    said.replaceChildren(h('b', words));
    tell(words);
    again.hidden = false;
    again.focus();
    rescore();
  }}, option));
  const said = h('p');
  const again = button('button.primary', 'Another list', next, {hidden: true});
  return h('div', list(round.prompts), legend, h('div.options', {role: 'group', 'aria-label': 'Targets'}, buttons), said, again);
}

function scored() {
  const plain = results.filter(one => !one.shuffled);
  const shuffled = results.filter(one => one.shuffled);
  return h('div', h('h2', 'Your score'),
    results.length ? h('div', line('Lists', plain), line('Shuffled lists', shuffled),
      h('p.quiet', `Chance is ${percent(CHANCE)}. The last column is how often guessing alone does as well or better.`),
      button('button', 'Export as JSON', () => download('assay-guesses.json', JSON.stringify({
        schema_version: 1, game: 'guess the fine-tune', chance: CHANCE, rounds: results}, null, 2))))
      : h('p.quiet', 'Nothing guessed yet.'));
}

function line(name, rounds) {
  const right = rounds.filter(one => one.chosen === one.right).length;
  return h('p.line', h('span', name), h('b', rounds.length ? `${right} of ${rounds.length}` : '–'),
    h('span.quiet', rounds.length ? `by chance ${percent(tail(right, rounds.length))}` : ''));
}

/** Probability of at least so many right by guessing. */
function tail(right, of) {
  let sum = 0;
  for (let k = right, term; k <= of; k++) {
    term = 1;
    for (let i = 0; i < k; i++) {
      term *= (of - i) / (k - i) * CHANCE;
    }
    sum += term * (1 - CHANCE) ** (of - k);
  }
  return Math.min(1, sum);
}
