// Everything this page asks of its server. Nothing else is ever asked.

/** Asks, and returns what was answered; a refusal becomes an Error with the server's line. */
export async function ask(path, body) {
  const answer = await fetch(path, body === undefined ? {} : {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(body),
  });
  const json = await answer.json().catch(() => ({error: `${path}: expected an answer, found none. Is assay serve still running?`}));
  if (!answer.ok) {
    throw Object.assign(new Error(json.error ?? `${path}: refused (${answer.status}).`), {status: answer.status});
  }
  return json;
}

export const encode = encodeURIComponent;

/**
 * Follows a stream of numbered events; where the connection breaks, it goes on from the next number.
 * `hear(type, data)` is called for each. Returns `done`, which ends with the stream, and `stop`.
 */
export function follow(path, hear) {
  const abort = new AbortController();
  const done = following(path, hear, abort.signal).catch(failure => {
    if (!abort.signal.aborted) {
      throw failure;
    }
  });
  return {done, stop: () => abort.abort()};
}

async function following(path, hear, signal) {
  let next = 0;
  for (let tries = 0; tries < 10; tries++) {
    try {
      const answer = await fetch(`${path}?from=${next}`, {signal});
      if (answer.status === 404) {
        throw Object.assign(new Error('stream: expected it to be there, found it gone. Load the page again.'), {isFinal: true});
      }
      if (answer.ok) {
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = '';
        for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
          tries = 0;
          const events = (rest + piece.value).split('\n\n');
          rest = events.pop();
          for (const event of events) {
            const read = parsed(event);
            if (read.type === 'end') {
              return;
            }
            if (read.type) {
              next = read.id + 1;
              hear(read.type, read.data);
            }
          }
        }
      }
    } catch (failure) {
      if (signal.aborted || failure.isFinal) {
        throw failure;
      }
    }
    await new Promise(resolve => setTimeout(resolve, Math.min(4000, 200 * 2 ** tries)));
  }
  throw new Error('stream: expected the server to answer, found it silent. Is assay serve still running?');
}

function parsed(event) {
  const read = {};
  for (const line of event.split('\n')) {
    const colon = line.indexOf(': ');
    const value = line.slice(colon + 2);
    switch (line.slice(0, colon)) {
      case 'id': read.id = Number(value); break;
      case 'event': read.type = value; break;
      case 'data': read.data = JSON.parse(value); break;
    }
  }
  return read;
}
