// Small things all pages use: elements, figures in words, what is said to screen readers.

const SVG = 'http://www.w3.org/2000/svg';

/** An element: h('p.quiet', {id: 'x', onclick: f}, 'text', child). Text is never read as markup. */
export function h(name, ...rest) {
  return built(document.createElement(name.split('.')[0]), name, rest);
}

/** The same for parts of a drawing. */
export function s(name, ...rest) {
  return built(document.createElementNS(SVG, name.split('.')[0]), name, rest);
}

function built(element, name, rest) {
  const classes = name.split('.').slice(1);
  if (classes.length) {
    element.classList.add(...classes);
  }
  const isPlain = rest[0] && Object.getPrototypeOf(rest[0]) === Object.prototype;
  for (const [key, value] of Object.entries(isPlain ? rest.shift() : {})) {
    if (key === 'class') {
      element.classList.add(...value.split(' ').filter(Boolean));
    } else if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (typeof value === 'boolean') {
      element.toggleAttribute(key, value);
    } else if (value !== undefined && value !== null) {
      element.setAttribute(key, value);
    }
  }
  element.append(...rest.flat(9).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

const hundredths = share => `${Math.round(100 * share)}`.replace('-', '−');

export const percent = share => `${hundredths(share)}%`;

/** The ends of an interval. */
export const ends = (low, high) => `[${hundredths(low)}, ${hundredths(high)}]`;

export const signed = (value, digits = 2) => (value < 0 ? '−' : '+') + Math.abs(value).toFixed(digits);

export function interval(share) {
  return share ? `${percent(share.value)} ${ends(share.low, share.high)}` : 'not measured';
}

export function seconds(value) {
  if (value < 90) {
    return `${Math.max(1, Math.round(value))} s`;
  }
  return value < 5400 ? `${Math.round(value / 60)} min` : `${(value / 3600).toFixed(1)} h`;
}

export function bytes(value) {
  return value < 1e9 ? `${Math.round(value / 1e6)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}

export function date(text) {
  const time = new Date(text);
  return text && !Number.isNaN(time.getTime())
    ? time.toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'short'}) : '';
}

/** Says something to screen readers, and to nobody else. */
export function tell(text) {
  document.getElementById('told').textContent = text;
}

/** Says on a button for a moment that its work is done. */
export function done(made, words) {
  const label = made.textContent;
  made.textContent = words;
  tell(words);
  setTimeout(() => { made.textContent = label; }, 2_000);
}

/** Shows what went wrong, in the server's words. */
export function failed(failure) {
  return h('p.error', {role: 'alert'}, String(failure?.message ?? failure));
}

/** A button that cannot be pressed twice while its work goes on; what fails is shown beside it. */
export function button(name, label, work, attributes = {}) {
  const made = h(name, {type: 'button', ...attributes, onclick: async () => {
    made.parentElement?.querySelector(':scope > .error')?.remove();
    made.disabled = true;
    try {
      await work(made);
    } catch (failure) {
      made.after(failed(failure));
    } finally {
      made.disabled = false;
    }
  }}, label);
  return made;
}

/** A labelled field. */
export function field(label, input, note) {
  const id = input.id || `f-${Math.random().toString(36).slice(2)}`;
  input.id = id;
  const noteId = `${id}-note`;
  if (note) {
    input.setAttribute('aria-describedby', noteId);
  }
  return h('div.field', h('label', {for: id}, label), input, note ? h('small', {id: noteId}, note) : null);
}

/** A bar of a share between 0 and 1; styles set by script are allowed, attributes with styles are not. */
export function bar(kind, share) {
  const fill = h(`span.fill.${kind}`);
  fill.style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
  return h('span.bar', {'aria-hidden': 'true'}, fill);
}

/** Gives a file to the reader. */
export function download(name, text, type = 'application/json') {
  const address = URL.createObjectURL(new Blob([text], {type}));
  const link = h('a', {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h('textarea', {'aria-label': 'text to copy'});
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
