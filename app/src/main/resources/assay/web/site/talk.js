// Base, target, soft prompt and mixture side by side.
import {ask, encode, follow} from './server.js';
import {button, copy, done, download, failed, h, tell} from './page.js';
import {NAMES, blank, dock, hideTip, paint, pane, write} from './answers.js';
import {command, exported} from './copies.js';
import {panel} from './mixture.js';
import {settings} from './settings.js';

export async function talk(place, how, id, mixture) {
  place.closest('main').classList.add('wide');
  place.append(h('p.quiet', {role: 'status'}, 'Opening …'));
  const view = how === 'id' ? await ask(`/api/talks/${encode(id)}`) : await ask('/api/talks', mixture ? {run: id, mixture} : {run: id});
  const one = new TalkPage(view);
  place.replaceChildren(one.element);
  one.message.focus({preventScroll: true});
  return () => one.leave();
}

class TalkPage {
  constructor(view) {
    this.state = {view, prompts: view.prompts.map(part => ({...part}))};
    this.begun = view.prompts.map(part => ({...part}));
    this.turns = [];
    this.streams = new Set();
    [this.mode, this.maximised] = ['plain', null];
    this.fields = settings();
    this.thread = h('div.thread');
    this.message = h('textarea.message', {rows: '2', 'aria-label': 'Message', placeholder: 'A message to all columns'});
    this.message.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
    });
    this.sendButton = h('button.primary', {type: 'button', onclick: () => this.send()}, 'Send');
    this.stopButton = h('button', {type: 'button', hidden: true, onclick: () => this.stop()}, 'Stop');
    this.trouble = h('div');
    this.panel = panel(this.state, column => this.changed(column));
    this.element = h('div.talk',
      h('div.talking', h('div.head', h('h1', {dir: 'auto'}, view.target), h('p.links',
          view.run ? h('a', {href: `#/run/${encode(view.run)}`}, 'Report') : null,
          h('label', 'Show ', this.modes()))),
        this.thread,
        h('div.composer', this.trouble, h('div.row', this.message, this.sendButton, this.stopButton), this.fields.element,
          h('p.links', h('button', {type: 'button', onclick: () => this.anew()}, 'New conversation'),
            h('button', {type: 'button', onclick: () => download('talk.json', JSON.stringify(exported(this), null, 2))}, 'Export JSON'),
            button('button', 'Copy as command line', async made => {
              await copy(command(this));
              done(made, 'Copied');
            })))),
      this.panel.element);
  }

  modes() {
    const select = h('select', {onchange: () => {
      this.mode = select.value;
      this.repaint();
    }}, h('option', {value: 'plain'}, 'plain text'), h('option', {value: 'differences'}, 'what differs from the base'),
    h('option', {value: 'heat'}, 'where the mixture errs'), h('option', {value: 'prompts'}, 'which prompt spoke'));
    return select;
  }

  get columns() {
    return Object.keys(NAMES).filter(name => this.state.view.columns.includes(name)
      || (name === 'mixture' && this.state.prompts.length));
  }

  get isBusy() {
    return Boolean(this.saying || this.streams.size);
  }

  leave() {
    this.streams.forEach(stream => stream.stop());
    this.panel.stop();
    hideTip();
  }

  anew() {
    this.stop();
    this.turns = [];
    this.thread.replaceChildren();
    this.message.focus();
  }

  async send() {
    const user = this.message.value.trim();
    if (!user || this.isBusy) {
      return;
    }
    this.message.value = '';
    await this.say(user);
  }

  /** A new turn, answered as often as samples are wanted. */
  async say(user) {
    const turn = {user, samples: [], shown: 0, element: h('article.turn'), open: null};
    this.turns.push(turn);
    this.thread.append(turn.element);
    const wanted = this.fields.values();
    for (let i = 0; i < wanted.samples; i++) {
      turn.samples.push({seed: wanted.seed + i, answers: {}});
    }
    this.draw(turn);
    turn.element.scrollIntoView({block: 'end'});
    this.saying = true;
    for (const sample of turn.samples) {
      if (!await this.answer(turn, sample, this.columns)) {
        break;
      }
    }
    this.saying = false;
    this.busy();
  }

  /** What is said to the server of a turn. */
  said(turn, begun = []) {
    const {system, prefill, raw} = this.fields.values();
    const past = this.turns.slice(0, this.turns.indexOf(turn)).map(earlier => ({
      user: earlier.user,
      answers: Object.fromEntries(Object.entries(earlier.samples[earlier.shown].answers).map(([name, answer]) => [name, answer.tokens])),
    }));
    return {system, past: raw ? [] : past, user: turn.user, prefill, begun, raw};
  }

  /** Lets columns answer; true if none was stopped. */
  async answer(turn, sample, columns, begun = [], prefilled = '') {
    const {max_tokens, temperature, top_p, prefill} = this.fields.values();
    const began = performance.now();
    for (const name of columns) {
      sample.answers[name] = blank(begun);
      sample.answers[name].prefill = begun.length ? prefilled : prefill;
    }
    this.draw(turn);
    this.trouble.replaceChildren();
    let isWhole = true;
    let stream = null;
    try {
      const asked = await ask(`/api/talks/${encode(this.state.view.talk)}/answers`, {
        said: this.said(turn, begun.map(token => token.id)), columns,
        sampling: {max_tokens, temperature, top_p, seed: sample.seed},
      });
      stream = follow(`/api/streams/${asked.stream}`, (type, told) => {
        const answer = sample.answers[told.column];
        if (type === 'token') {
          answer.seconds = [answer.seconds[0] || performance.now() - began, performance.now() - began];
          answer.written = (answer.written ?? 0) + 1;
          answer.pieces.push({id: told.id, text: told.text, place: told.place, probability: told.probability});
          this.write(turn, sample, told.column);
        } else if (type === 'ended') {
          answer.tokens = told.tokens;
          answer.ending = told.ending;
          isWhole &&= told.ending !== 'stopped';
          this.write(turn, sample, told.column);
        } else if (type === 'failed') {
          isWhole = false;
          this.trouble.replaceChildren(failed(told.error));
        }
      });
      stream.id = asked.stream;
      this.streams.add(stream);
      this.busy();
      await stream.done;
    } catch (failure) {
      isWhole = false;
      this.trouble.replaceChildren(failed(failure));
    } finally {
      this.streams.delete(stream);
      this.busy();
      for (const name of columns) {
        sample.answers[name].ending ??= 'stopped';
      }
      this.draw(turn);
      tell(columns.map(name => `${NAMES[name]}: ${sample.answers[name].pieces.map(piece => piece.text).join('')}`).join('. '));
    }
    return isWhole;
  }

  busy() {
    this.stopButton.hidden = !this.isBusy;
    this.sendButton.hidden = this.isBusy;
  }

  stop() {
    this.streams.forEach(stream => ask(`/api/streams/${stream.id}/stop`, {}).catch(() => stream.stop()));
  }

  /** Draws a turn anew: its message, the columns of the sample that is shown, and what is looked into. */
  draw(turn) {
    const sample = turn.samples[turn.shown];
    const isLast = this.turns.at(-1) === turn;
    const names = this.columns.filter(name => sample.answers[name]);
    turn.panes = {};
    hideTip();
    turn.element.replaceChildren(
      h('div.said', h('p', {dir: 'auto'}, turn.user), h('p.links',
        h('button.small', {type: 'button', onclick: () => this.edit(turn)}, 'Edit'),
        isLast ? h('button.small', {type: 'button', onclick: () => this.again(turn)}, 'Regenerate') : null,
        turn.samples.length > 1 ? this.cycler(turn) : null)),
      h('div.columns', {class: `of-${names.length}`}, names.map(name => this.column(turn, sample, name))));
    if (this.maximised && names.includes(this.maximised)) {
      turn.element.querySelector('.columns').classList.add('one');
    }
    if (turn.open) {
      turn.element.append(turn.open);
    }
    names.forEach(name => this.write(turn, sample, name));
    this.repaint(turn);
  }

  column(turn, sample, name) {
    const answer = sample.answers[name];
    const body = pane(answer, name, {
      look: place => this.look(turn, sample, name, place),
      want: () => this.reading(turn, sample, name),
    });
    const foot = h('p.foot');
    turn.panes[name] = {body, foot};
    const isOne = this.maximised === name;
    return h(`section.column.${name}`, {class: isOne ? 'maximised' : '', 'aria-label': NAMES[name], 'aria-busy': String(!answer.ending)},
      h('div.head', h('h3', NAMES[name]), h('button.small', {type: 'button', 'aria-pressed': String(isOne),
        'aria-label': `${isOne ? 'Show all columns' : `Show ${NAMES[name]} alone`}`, onclick: () => {
          this.maximised = isOne ? null : name;
          this.turns.forEach(each => this.draw(each));
        }}, isOne ? '⤡' : '⤢')),
      answer.prefill ? h('span.prefill', answer.prefill) : null, body, foot);
  }

  write(turn, sample, name) {
    if (turn.samples[turn.shown] !== sample || !turn.panes?.[name]) {
      return;
    }
    const answer = sample.answers[name];
    const {body, foot} = turn.panes[name];
    write(body, answer);
    body.classList.toggle('going', !answer.ending);
    const endings = {itself: '', length: ' · as long as asked for', context: ' · the context is full', stopped: ' · stopped'};
    const [first, last] = answer.seconds;
    const speed = answer.written > 1 && last > first ? ` · ${((answer.written - 1) / (last - first) * 1000).toFixed(0)} tokens/s` : '';
    foot.textContent = first ? `first token ${(first / 1000).toFixed(1)} s${speed}${endings[answer.ending] ?? ''}` : answer.ending ? endings[answer.ending].slice(3) : 'waiting …';
  }

  cycler(turn) {
    const go = step => {
      turn.shown = (turn.shown + step + turn.samples.length) % turn.samples.length;
      turn.open = null;
      this.draw(turn);
    };
    return h('span.cycler', {role: 'group', 'aria-label': 'Samples'},
      h('button.small', {type: 'button', 'aria-label': 'Earlier sample', onclick: () => go(-1)}, '‹'),
      h('span', `${turn.shown + 1} of ${turn.samples.length}, seed ${turn.samples[turn.shown].seed}`),
      h('button.small', {type: 'button', 'aria-label': 'Later sample', onclick: () => go(1)}, '›'));
  }

  /** Another sample of the last turn, with the next seed. */
  async again(turn) {
    if (this.isBusy) {
      return;
    }
    turn.samples.push({seed: Math.max(...turn.samples.map(sample => sample.seed)) + 1, answers: {}});
    turn.shown = turn.samples.length - 1;
    turn.open = null;
    await this.answer(turn, turn.samples[turn.shown], this.columns);
  }

  /** The message of a turn becomes another one; what followed it goes. */
  edit(turn) {
    if (this.isBusy) {
      return;
    }
    const text = h('textarea.message', {rows: '2', 'aria-label': 'Edited message'});
    text.value = turn.user;
    const send = async () => {
      if (text.value.trim()) {
        const at = this.turns.indexOf(turn);
        this.turns.splice(at).forEach(each => each.element.remove());
        await this.say(text.value.trim());
      }
    };
    text.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault();
        send();
      }
    });
    turn.element.querySelector('.said').replaceChildren(text, h('p.links', h('button.primary.small', {type: 'button', onclick: send}, 'Send'),
      h('button.small', {type: 'button', onclick: () => this.draw(turn)}, 'Leave it')));
    text.focus();
  }

  /** What every column expected in the place of each token of an answer; asked for once. */
  async reading(turn, sample, name) {
    const answer = sample.answers[name];
    if (answer.reading || !answer.ending || !answer.tokens.length) {
      return answer.reading;
    }
    answer.asked ??= ask(`/api/talks/${encode(this.state.view.talk)}/readings`, {
      said: this.said(turn, answer.tokens), writer: name, shown: 8,
    });
    const asked = answer.asked;
    try {
      const read = await asked;
      if (answer.asked === asked) {
        const offset = answer.tokens.length - answer.pieces.length;
        answer.reading = {...read, places: offset > 0 ? read.places.slice(offset) : read.places};
        this.repaint(turn);
      }
    } catch (failure) {
      answer.asked = null;
      this.trouble.replaceChildren(failed(failure));
    }
    return answer.reading;
  }

  async look(turn, sample, name, place) {
    if (!await this.reading(turn, sample, name) || !sample.answers[name].reading.places[place]) {
      return;
    }
    const close = () => {
      turn.open?.remove();
      turn.open = null;
    };
    const {element, title} = dock(sample.answers[name], name, place, choice => {
      close();
      this.branch(turn, sample, name, place, choice);
    }, close);
    close();
    turn.element.append(turn.open = element);
    title.focus({preventScroll: true});
  }

  /** Goes on from another token, as a sample of its own. */
  async branch(turn, sample, name, place, choice) {
    if (this.isBusy) {
      return;
    }
    const answer = sample.answers[name];
    const hidden = answer.tokens.length - answer.pieces.length;
    const begun = [
      ...answer.tokens.slice(0, hidden).map(id => ({id, text: ''})),
      ...answer.pieces.slice(0, place).map(({id, text}) => ({id, text})),
      {id: choice.token, text: choice.text}];
    const branch = {seed: sample.seed, answers: {...sample.answers}};
    turn.samples.push(branch);
    turn.shown = turn.samples.length - 1;
    await this.answer(turn, branch, [name], begun, answer.prefill);
  }

  repaint(only) {
    for (const turn of only ? [only] : this.turns) {
      const sample = turn.samples[turn.shown];
      for (const [name, {body}] of Object.entries(turn.panes ?? {})) {
        const answer = sample.answers[name];
        if (answer.ending && ['heat', 'prompts'].includes(this.mode) && !answer.reading) {
          this.reading(turn, sample, name);
        }
        paint(body, answer, name === 'base' && this.mode === 'differences' ? 'plain' : this.mode, sample.answers.base);
      }
    }
  }

  /** The mixture or the target is another one now: what was read is void, and its last answer is written anew. */
  async changed(column) {
    for (const turn of this.turns) {
      for (const sample of turn.samples) {
        for (const answer of Object.values(sample.answers)) {
          answer.reading = null;
          answer.asked = null;
        }
      }
      turn.open = null;
    }
    const turn = this.turns.at(-1);
    this.repaint();
    if (!turn || !this.columns.includes(column)) {
      return;
    }
    for (const stream of this.streams) {
      await ask(`/api/streams/${stream.id}/stop`, {}).catch(() => {});
      await stream.done.catch(() => {});
    }
    await this.answer(turn, turn.samples[turn.shown], [column]);
  }
}
