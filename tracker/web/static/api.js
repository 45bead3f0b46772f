/** Requests to the server; every failure comes back as an Error with one line for people and the answer's status. */

async function request(method, path, options = {}) {
  const answer = await fetch(`api/${path}`, { method, ...options }).catch(() => {
    throw new Error("the server does not answer");
  });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(problem.detail || `the server says ${answer.status}`), { status: answer.status });
  }
  return answer;
}

async function ask(method, path, body, signal) {
  const options = body === undefined ? { signal }
    : { signal, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const answer = await request(method, path, options);
  return answer.status === 204 ? null : answer.json();
}

const LONGEST = 60_000; // milliseconds until an order counts as not answered; the server gives up sooner

/** Requests travel on several connections and overtake each other, so an order leaves once the one before is answered. */
let last = Promise.resolve();
let waiting = 0;
let jump = null; // one that has not left yet, and that no other order was given after
let giveUp = new AbortController();

/** Calls `send` after the orders before; those after wait for it only if `counts`. */
function inTurn(send, counts = true) {
  const { signal } = giveUp;
  jump = null;
  const done = last.then(() => {
    if (signal.aborted) throw new Error("the server does not answer");
    return send(AbortSignal.any([signal, AbortSignal.timeout(LONGEST)]));
  });
  if (counts) {
    waiting += 1;
    last = done.catch(() => {}).then(() => { waiting -= 1; });
  }
  return done;
}

/** Whether the answer to an order is still awaited. */
export const isWaiting = () => waiting > 0;

/** Gives up the orders that are not answered: the connection is gone, and they must not all arrive when it is back. */
export function abandon() {
  giveUp.abort();
  giveUp = new AbortController();
}

const ordering = (method) => (path, body) => inTurn((signal) => ask(method, path, body, signal));

export const get = (path) => ask("GET", path);
export const post = ordering("POST");
export const put = ordering("PUT");
export const patch = ordering("PATCH");
export const remove = ordering("DELETE");

/** Goes to another place of the source; a jump that has not left yet goes there instead. */
export function seek(body) {
  if (jump) {
    jump.body = body;
    return jump.done;
  }
  const own = { body };
  own.done = inTurn((signal) => {
    if (jump === own) jump = null;
    return ask("POST", "playback", { action: "seek", ...own.body }, signal);
  });
  jump = own;
  return own.done;
}

/** Opens a source, which may take long: nothing waits for it, and it takes the place of an opening before. */
export const open = (kind, name) => inTurn(() => ask("POST", "sources/open", { kind, name }), false);

/** Sends a file of boxes; returns how many targets it names. */
export async function sendBoxes(file, source) {
  const answer = await inTurn((signal) => request("POST", `targets/file?source=${source}`, { signal, body: file }));
  return (await answer.json()).targets;
}

export async function upload(file) {
  const suffix = (/\.[A-Za-z0-9]+$/.exec(file.name) || [".mp4"])[0];
  const query = new URLSearchParams({ suffix, name: file.name.slice(-200) });
  const answer = await request("POST", `sources/uploads?${query}`, { body: file });
  return answer.json();
}

/** Fetches a file and hands it to the browser's downloads. */
export async function download(path) {
  const answer = await request("GET", path);
  const name = /filename="?([^";]+)/.exec(answer.headers.get("content-disposition") || "");
  save(await answer.blob(), name ? name[1] : "tracks");
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
