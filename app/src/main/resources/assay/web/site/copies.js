// A talk to take away: as JSON, as a command line.

/** All that was said and how. */
export function exported(page) {
  return {
    schema_version: 1, command: 'talk', target: page.state.view.target, run: page.state.view.run, scale: page.state.view.scale,
    mixture: page.state.prompts.map(part => ({prompt: part.text, weight: part.weight, on: part.on})),
    settings: page.fields.values(),
    turns: page.turns.map(turn => ({user: turn.user, shown: turn.shown, samples: turn.samples.map(sample => ({
      seed: sample.seed,
      answers: Object.fromEntries(Object.entries(sample.answers).map(([name, answer]) => [name,
        {text: answer.pieces.map(piece => piece.text).join(''), tokens: answer.tokens, ending: answer.ending}])),
    }))})),
  };
}

/** The same talk on the command line: what was set, the mixture as it is now, and every message. */
export function command(page) {
  const word = text => /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const {system, prefill, raw, seed, temperature, top_p, max_tokens} = page.fields.values();
  const {command: opened, scale} = page.state.view;
  const lines = [`/tokens ${max_tokens}`, `/temperature ${temperature}`, `/topp ${top_p}`];
  if (JSON.stringify(page.state.prompts) !== JSON.stringify(page.begun)) {
    page.begun.forEach(() => lines.push('/drop 1'));
    page.state.prompts.filter(part => part.on).forEach(part => lines.push(`/add ${part.weight} ${part.text}`));
  }
  if (scale !== 1) {
    lines.push(`/scale ${scale}`);
  }
  if (system) {
    lines.push(`/system ${system}`);
  }
  if (prefill) {
    lines.push(`/prefill ${prefill}`);
  }
  if (raw) {
    lines.push('/raw');
  }
  lines.push(...page.turns.map(turn => turn.user.startsWith('/') ? ` ${turn.user}` : turn.user));
  return `printf '%s\\n' ${lines.map(line => word(line.replaceAll('\n', ' '))).join(' ')} | ${opened} --seed ${seed}`;
}
