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

function sending(method) {
  return async (path, body) => {
    const options = body === undefined ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await request(method, path, options);
    return answer.status === 204 ? null : answer.json();
  };
}

export const get = sending("GET");
export const post = sending("POST");
export const put = sending("PUT");
export const patch = sending("PATCH");
export const remove = sending("DELETE");

/** Sends a file of boxes; returns how many targets it names. */
export async function sendBoxes(file, source) {
  const answer = await request("POST", `targets/file?source=${source}`, { body: file });
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
