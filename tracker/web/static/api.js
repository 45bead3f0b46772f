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

/** Requests travel on several connections and overtake each other, so an order leaves once the one before is answered. */
let orders = Promise.resolve(); // all that a seek waits for
let all = Promise.resolve(); // seeks, too
let waiting = 0;

function inTurn(send, { isSeek = false } = {}) {
  const done = (isSeek ? orders : all).then(send);
  waiting += 1;
  all = Promise.allSettled([all, done]).then(() => { waiting -= 1; });
  if (!isSeek) orders = all;
  return done;
}

/** Whether the answer to an order is still awaited. */
export const isWaiting = () => waiting > 0;

function sending(method) {
  return async (path, body) => {
    const options = body === undefined ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await request(method, path, options);
    return answer.status === 204 ? null : answer.json();
  };
}

function ordering(method) {
  const send = sending(method);
  return (...words) => inTurn(() => send(...words));
}

export const get = sending("GET");
export const post = ordering("POST");
export const put = ordering("PUT");
export const patch = ordering("PATCH");
export const remove = ordering("DELETE");

/** Goes to another place of the source. It does not wait for earlier seeks: the server gives those up. */
export const seek = (body) => inTurn(() => sending("POST")("playback", { action: "seek", ...body }), { isSeek: true });

/** Opens a source, which may take long: nothing waits for it, and it takes the place of an opening before. */
export const open = (kind, name) => sending("POST")("sources/open", { kind, name });

/** Sends a file of boxes; returns how many targets it names. */
export async function sendBoxes(file, source) {
  const answer = await inTurn(() => request("POST", `targets/file?source=${source}`, { body: file }));
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
