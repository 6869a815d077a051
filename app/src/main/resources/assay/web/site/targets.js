// What can be explained or talked to: runs, and targets by themselves.
import {ask, encode} from './server.js';
import {button, date, field, h} from './page.js';

/** Fields that name a target: `elements`, and `wanted()`, as the server reads it. */
export function chooser(label, adapters) {
  const kind = h('select', {name: 'kind', onchange: () => show()}, h('option', {value: 'prompt'}, 'a system prompt'),
    h('option', {value: 'adapter'}, 'a LoRA adapter'), h('option', {value: 'soft'}, 'a soft prompt'));
  const text = h('textarea', {rows: '3', name: 'text', placeholder: 'You are a pirate who is afraid of the sea.'});
  const known = h('datalist', {id: 'known'}, adapters.map(one => h('option', {value: one.path}, one.name)));
  const where = h('input', {type: 'text', list: 'known', name: 'where', spellcheck: 'false', autocomplete: 'off',
    placeholder: 'owner/repo, or choose a folder'});
  const textField = field('Its text', text);
  const whereField = field('Folder, or name on a hub', where,
    'Folders of runs, of the examples, and those named with --adapters.');
  const take = path => {
    where.value = path;
    where.dispatchEvent(new Event('change', {bubbles: true}));
  };
  whereField.append(h('p.links.there', adapters.slice(0, 8).map(one => h('button.small', {type: 'button', onclick: () => take(one.path)}, one.name))));
  const show = () => {
    textField.hidden = kind.value !== 'prompt';
    whereField.hidden = kind.value === 'prompt';
  };
  show();
  return {
    elements: [field(label, kind), textField, whereField, known],
    wanted: () => ({kind: kind.value, spec: kind.value === 'prompt' ? text.value : where.value}),
  };
}

/** Which run, or which target. */
export async function choose(place) {
  const [{runs}, about, {adapters}] = await Promise.all([ask('/api/runs'), ask('/api/about'), ask('/api/adapters')]);
  const ours = runs.filter(run => run.subject?.talks && run.subject.model_sha256 === about.model_sha256);
  const target = chooser('Talk to', adapters);
  place.append(h('h1', 'Talk'), h('p.lead', 'Base, target and mixture answer the same message, side by side.'),
    ours.length ? h('ul.plain', ours.map(entry)) : h('p.quiet', 'No run of this model yet: ', h('a', {href: '#/explain'}, 'explain something'),
      ', or mix one by hand.'),
    h('h2', 'Without a run'),
    ...target.elements,
    h('p', button('button', 'Talk to it', async () => {
      const view = await ask('/api/talks', {target: target.wanted()});
      location.hash = `#/talk/id/${view.talk}`;
    })));
}

/** A run, and the mixtures that were saved of it. */
function entry(run) {
  const to = `#/talk/run/${encode(run.id)}`;
  return h('li', h('a', {href: to, dir: 'auto'}, run.subject.target || run.id), ' ', h('small', date(run.begun)),
    run.mixtures.length ? h('p.links', 'Saved:', run.mixtures.map(file => h('a', {href: `${to}/${encode(file)}`}, file.replace('.json', '')))) : null);
}
