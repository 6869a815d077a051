// How answers are asked for.
import {field, h} from './page.js';

/** Fields, and what is in them now. */
export function settings() {
  const number = (name, value, min, max, step) => h('input', {type: 'number', name, value, min, max, step});
  const system = h('textarea', {rows: '2', name: 'system'});
  const prefill = h('input', {type: 'text', name: 'prefill'});
  const raw = h('input', {type: 'checkbox', name: 'raw'});
  const temperature = number('temperature', 1, 0, 5, .1);
  const topP = number('top_p', .95, .01, 1, .01);
  const seed = number('seed', 0, 0, 999999999, 1);
  const length = number('max_tokens', 64, 1, 1024, 1);
  const samples = number('samples', 1, 1, 8, 1);
  const read = (input, otherwise) => input.value === '' || !Number.isFinite(Number(input.value)) ? otherwise : Number(input.value);
  return {
    values: () => ({system: system.value, prefill: prefill.value, raw: raw.checked, temperature: read(temperature, 1), top_p: read(topP, .95),
      seed: read(seed, 0), max_tokens: read(length, 64), samples: Math.min(8, Math.max(1, read(samples, 1)))}),
    element: h('details.settings', h('summary', 'Settings'), h('div.grid',
      field('System prompt', system, 'Behind each column’s own prompt.'), field('Every answer begins with', prefill),
      field('Temperature', temperature), field('Top-p', topP), field('Seed', seed, 'All columns draw with the same dice.'),
      field('Longest answer, tokens', length), field('Samples', samples),
      h('div.field', h('label.pick', raw, ' Without the chat template'), h('small', 'The message is text to go on with.')))),
  };
}
