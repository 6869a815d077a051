// Past runs: cards, a report, two beside each other.
import {ask, encode} from './server.js';
import {bar, button, date, ends, h, interval, percent, signed} from './page.js';

const KINDS = {lora: 'Adapter', soft: 'Soft prompt', prompt: 'System prompt', mixture: 'Mixture', examples: 'Examples'};
const VERDICTS = {yes: 'Explained', no: 'Not explained', undecided: 'Undecided'};

export async function home(place) {
  const [{runs}, about, {explanations}] = await Promise.all([ask('/api/runs'), ask('/api/about'), ask('/api/explanations')]);
  const running = new Set(explanations.filter(one => !one.is_over).map(one => one.run));
  place.append(h('h1', 'Runs'));
  if (!runs.length) {
    place.append(h('div.empty',
      h('p.lead', 'No runs yet. An explanation says what a fine-tune is made of, in prompts.'),
      h('p', h('a.primary', {href: '#/explain'}, 'Explain something')),
      h('p.quiet', `Runs are looked for in ${about.runs}.`)));
    return;
  }
  const chosen = new Set();
  const link = h('a.primary', {href: '#/', hidden: true}, 'Compare these two');
  const hint = runs.filter(run => run.outcome).length < 2 ? '' : h('p.quiet.inline', 'Choose two to compare them.');
  const choose = (id, isOn) => {
    isOn ? chosen.add(id) : chosen.delete(id);
    link.hidden = chosen.size !== 2;
    if (hint) {
      hint.hidden = !link.hidden;
    }
    link.href = `#/compare/${[...chosen].map(encode).join('/')}`;
  };
  place.append(h('div.bar-of-actions', link, hint),
    h('ul.cards', runs.map(run => h('li', card(run, about, running.has(run.id), choose)))));
}

function card(run, about, isRunning, choose) {
  if (!run.subject) {
    return stopped(run, isRunning);
  }
  const {subject, outcome} = run;
  const title = h('h2', {dir: 'auto', id: `t-${run.id}`}, subject.target || run.id);
  const isOurs = subject.model_sha256 === about.model_sha256;
  return h('article.card', {'aria-labelledby': `t-${run.id}`},
    h('p.eyebrow', [KINDS[subject.kind] ?? run.command, isOurs ? '' : subject.model, date(run.begun)].filter(Boolean).join(' · ')),
    title,
    outcome ? figures(outcome) : h('p.quiet', `assay ${run.command}`),
    h('p.links',
      subject.has_page ? h('a', {href: `#/run/${encode(run.id)}`}, 'Report') : null,
      subject.talks && isOurs ? h('a', {href: `#/talk/run/${encode(run.id)}`}, 'Talk') : null,
      outcome ? h('label.pick', h('input', {type: 'checkbox', onchange: event => choose(run.id, event.target.checked)}),
        ' Compare', h('span.hidden', ` ${subject.target}`)) : null));
}

function stopped(run, isRunning) {
  const name = run.id.replace(/^\d{8}-\d{6}-/, '');
  return h('article.card.stopped',
    h('p.eyebrow', isRunning ? 'Under way' : 'Stopped'),
    h('h2', name),
    h('p.quiet', run.state === 'kept' ? 'Begun on the command line; the same command goes on with it.' : 'What it had finished is kept.'),
    h('p.links', isRunning ? h('a', {href: `#/explain/${encode(run.id)}`}, 'Watch')
      : run.state === 'stopped' ? button('button', 'Go on', async () => {
        await ask(`/api/explanations/${encode(run.id)}/resume`, {});
        location.hash = `#/explain/${encode(run.id)}`;
      }) : null));
}

export function verdict(outcome) {
  return h(`span.verdict.${outcome.verdict}`, outcome.grade || (VERDICTS[outcome.verdict] ?? outcome.verdict));
}

function figures(outcome) {
  const count = `${outcome.prompts} ${outcome.prompts === 1 ? 'prompt' : 'prompts'}`;
  return h('div.figures',
    h('p.big', h('b', outcome.closed ? percent(outcome.closed.value) : '–'),
      outcome.closed ? h('span', ` ${ends(outcome.closed.low, outcome.closed.high)}`) : null,
      h('span.by', ` closed by ${count}`)),
    outcome.closed ? bar('mixture', outcome.closed.value) : null,
    outcome.random ? bar('null', outcome.random.value) : null,
    h('p.quiet', `as many random prompts: ${interval(outcome.random)}`),
    h('p', verdict(outcome)));
}

export async function report(place, id) {
  const run = await ask(`/api/runs/${encode(id)}`);
  const canTalk = run.command === 'explain' && !run.target?.against;
  place.closest('main').classList.add('wide');
  place.append(
    h('div.head', h('h1', 'Report'), h('p.links',
      canTalk ? h('a.primary', {href: `#/talk/run/${encode(id)}`}, 'Talk to it') : null,
      h('a', {href: `/runs/${encode(id)}/report.html`, target: '_blank', rel: 'noopener'}, 'Open on its own'),
      h('a', {href: `/api/runs/${encode(id)}`, download: 'report.json'}, 'report.json'))),
    h('iframe.report', {src: `/runs/${encode(id)}/report.html`, sandbox: '', title: `Report of ${run.target?.name ?? id}`}));
}

export async function compare(place, one, other) {
  const [first, second] = await Promise.all([one, other].map(id => ask(`/api/runs/${encode(id)}`)));
  place.closest('main').classList.add('wide');
  const shared = new Set((first.mixture ?? []).map(part => part.prompt)
    .filter(prompt => (second.mixture ?? []).some(part => part.prompt === prompt)));
  const rows = [
    ['Target', run => run.target?.name],
    ['Kind', run => KINDS[run.target?.kind] ?? ''],
    ['Model', run => run.model?.name],
    ['KL from the base', run => `${run.kl_base?.toFixed(3)} nats per token`],
    ['Closed', run => share(run, 'closed', 'ci')],
    ['As many random prompts', run => share(run, 'null', 'null_ci')],
    ['Excess', run => share(run, 'excess', 'excess_ci')],
    ['On own answers', run => share(run, 'own', 'own_ci')],
    ['Verdict', run => run.grade || (VERDICTS[run.verdict?.[0]?.holds] ?? '')],
    ['Begun', run => date(run.provenance?.started)],
  ];
  place.append(h('h1', 'Two runs'), h('div.scroll', {tabindex: '0', role: 'region', 'aria-label': 'Figures of both runs'},
    h('table.compare',
      h('thead', h('tr', h('th', {scope: 'col'}, ''), h('th', {scope: 'col'}, 'First'), h('th', {scope: 'col'}, 'Second'))),
      h('tbody', rows.map(([name, value]) => h('tr', h('th', {scope: 'row'}, name),
        h('td', {dir: 'auto'}, value(first) ?? ''), h('td', {dir: 'auto'}, value(second) ?? '')))))),
  h('h2', 'Prompts'), shared.size ? h('p.quiet', `${shared.size} in both, set in bold.`) : h('p.quiet', 'No prompt is in both.'),
  h('div.pair', [[first, one], [second, other]].map(([run, id]) => h('section',
    h('h3', {dir: 'auto'}, run.target?.name ?? ''),
    list(run.mixture ?? [], shared),
    h('p.links', h('a', {href: `#/run/${encode(id)}`}, 'Report'))))));
}

function share(run, value, bounds) {
  const step = run.curve?.find(point => point.k === run.chosen_k);
  return step ? interval({value: step[value], low: step[bounds]?.[0], high: step[bounds]?.[1]}) : 'not measured';
}

/** Prompts with their weights. */
export function list(parts, strong = new Set()) {
  const largest = Math.max(...parts.map(part => Math.abs(part.weight)), 1e-9);
  return h('ul.prompts', parts.map(part => h('li',
    h('span.weight', signed(part.weight)),
    bar(part.weight < 0 ? 'negative' : 'mixture', Math.abs(part.weight) / largest),
    h(strong.has(part.prompt) ? 'b' : 'span', {dir: 'auto'}, part.prompt))));
}
