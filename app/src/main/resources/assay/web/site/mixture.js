// The mixture, alive: weights, texts, the adapter's strength, and what they close on the search split.
import {ask, encode, follow} from './server.js';
import {button, ends, failed, field, h, percent, tell} from './page.js';
import {colour} from './answers.js';

const PAUSE = 250;

/** The panel beside a talk; `changed()` is called when answers of the mixture or the target would be others now. */
export function panel(state, changed) {
  const rows = h('ol.atoms');
  const figures = h('p.figure', {role: 'status'});
  const said = h('p.quiet', {role: 'status'});
  let timer = 0;
  let measuring = null;

  const send = async () => {
    state.view = await ask(`/api/talks/${encode(state.view.talk)}/prompts`, {prompts: state.prompts});
    changed('mixture');
    measure();
  };
  const later = () => {
    clearTimeout(timer);
    figures.textContent = 'Measured when you stop …';
    timer = setTimeout(() => send().catch(failure => figures.replaceChildren(failed(failure))), PAUSE);
  };
  const measure = async () => {
    measuring?.stop();
    if (!state.prompts.some(part => part.on)) {
      figures.textContent = 'No prompt is switched on.';
      return;
    }
    figures.textContent = 'Measuring on the search split …';
    try {
      const {stream} = await ask(`/api/talks/${encode(state.view.talk)}/figures`, {});
      measuring = follow(`/api/streams/${stream}`, (type, told) => {
        if (type === 'figures') {
          figures.replaceChildren(...words(told));
        } else if (type === 'failed') {
          figures.replaceChildren(failed(told.error));
        }
      });
      await measuring.done;
    } catch (failure) {
      figures.replaceChildren(failed(failure));
    }
  };
  const draw = () => {
    rows.replaceChildren(...state.prompts.map((part, index) => row(part, index, state, later, draw)));
  };
  const take = prompts => {
    state.prompts = prompts.map(part => ({...part}));
    draw();
  };
  const begun = state.prompts.map(part => ({...part}));
  const added = h('input', {type: 'text', placeholder: 'Another prompt', 'aria-label': 'Another prompt', maxlength: '2000'});
  const add = () => {
    if (added.value.trim()) {
      state.prompts.push({text: added.value.trim(), weight: .3, on: true});
      added.value = '';
      draw();
      later();
    }
  };
  added.addEventListener('keydown', event => event.key === 'Enter' && add());
  draw();
  const element = h('aside.mixture', {'aria-label': 'The mixture'},
    h('h2', 'The mixture'),
    figures,
    h('details.quiet', h('summary', 'Why the search split?'),
      h('p', 'A list changed by hand until a figure is high has been chosen by that figure, so it must not be the one that is'
        + ' reported. The test split decides nothing; the report measured it once.')),
    rows,
    h('p.row', added, h('button', {type: 'button', onclick: add}, 'Add')),
    state.view.kind === 'lora' ? scale(state, changed, measure) : null,
    h('p.links',
      button('button', 'Refit', async () => {
        const {stream} = await ask(`/api/talks/${encode(state.view.talk)}/refit`, {});
        let trouble = null;
        await follow(`/api/streams/${stream}`, (type, told) => {
          if (type === 'prompts') {
            take(told.prompts);
          } else if (type === 'failed') {
            trouble = told.error;
          }
        }).done;
        if (trouble) {
          throw new Error(trouble);
        }
        tell('Weights fitted again');
        changed('mixture');
        measure();
      }, {title: 'Fits the weights anew on the fit split'}),
      button('button', 'Reset', async () => {
        take(begun);
        await send();
      })),
    h('p.links',
      state.view.run ? button('button', 'Save as new mixture', async () => {
        const {file} = await ask(`/api/talks/${encode(state.view.talk)}/save`, {});
        said.replaceChildren(`Saved as ${file}. `, h('a', {href: `#/talk/run/${encode(state.view.run)}/${encode(file)}`}, 'Open it'));
      }) : null),
    exports(state),
    said);
  measure();
  return {element, stop: () => measuring?.stop()};
}

function words(told) {
  const share = values => `${percent(values[0])} ${ends(values[1], values[2])}`;
  return [h('b', share(told.closed)), ' closed on the search split',
    told.own ? `, ${share(told.own)} on the target’s own answers` : '',
    h('span.quiet', ` · ${told.kl_mixture.toFixed(3)} of ${told.kl_base.toFixed(3)} nats per token left`)];
}

function row(part, index, state, later, draw) {
  const slider = h('input', {type: 'range', min: '-1.5', max: '1.5', step: '0.01', value: part.weight, 'aria-label': `Weight of prompt ${index + 1}`});
  const number = h('input', {type: 'number', min: '-100', max: '100', step: '0.01', value: part.weight.toFixed(2), 'aria-label': `Weight of prompt ${index + 1}, as a number`});
  const weigh = value => {
    if (value !== '' && Number.isFinite(Number(value)) && Math.abs(Number(value)) <= 100) {
      part.weight = Number(value);
      slider.value = value;
      later();
    }
  };
  slider.addEventListener('input', () => {
    number.value = Number(slider.value).toFixed(2);
    weigh(slider.value);
  });
  number.addEventListener('change', () => weigh(number.value));
  const text = h('textarea', {rows: '1', dir: 'auto', 'aria-label': `Prompt ${index + 1}`});
  text.value = part.text;
  const grow = () => {
    text.style.height = 'auto';
    text.style.height = `${text.scrollHeight + 2}px`;
  };
  text.addEventListener('input', grow);
  text.addEventListener('change', () => {
    if (text.value.trim()) {
      part.text = text.value.trim();
      later();
    } else {
      text.value = part.text;
    }
  });
  requestAnimationFrame(grow);
  const element = h('li.atom', {class: part.on ? '' : 'off'},
    h('span.row', h('input', {type: 'checkbox', checked: part.on, 'aria-label': `Prompt ${index + 1} counts`, onchange: event => {
      part.on = event.target.checked;
      element.classList.toggle('off', !part.on);
      later();
    }}), h(`span.chip.${colour(index)}`, {'aria-hidden': 'true'}), text,
    h('button.small', {type: 'button', 'aria-label': `Drop prompt ${index + 1}`, onclick: () => {
      state.prompts.splice(index, 1);
      draw();
      later();
    }}, '×')),
    h('span.row', slider, number));
  return element;
}

function scale(state, changed, measure) {
  const slider = h('input', {type: 'range', min: '-2', max: '3', step: '0.05', value: state.view.scale});
  const value = h('output', state.view.scale.toFixed(2));
  let timer = 0;
  slider.addEventListener('input', () => {
    value.textContent = Number(slider.value).toFixed(2);
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        state.view = await ask(`/api/talks/${encode(state.view.talk)}/scale`, {factor: Number(slider.value)});
        changed('target');
        measure();
      } catch (failure) {
        value.textContent = failure.message;
      }
    }, PAUSE);
  });
  return h('div.scale', field('Strength of the adapter', slider, 'Below 0 it works the other way; 1 is the adapter as it is.'), value);
}

/** Files of the mixture as it is now. */
function exports(state) {
  const forms = [['mixture.json', 'JSON'], ['mixture.txt', 'Text'], ['mixture.py', 'Python']];
  if (state.view.columns.includes('soft')) {
    forms.push(['soft.zip', 'Soft prompt (PEFT)']);
  }
  return h('p.links', 'Export:', forms.map(([form, name]) => h('a', {
    href: `/api/talks/${encode(state.view.talk)}/exports/${form}`, download: form}, name)));
}
