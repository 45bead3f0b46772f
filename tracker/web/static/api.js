/** Requests to the server; every failure comes back as an Error with one line for people. */

async function request(method, path, options = {}) {
  const answer = await fetch(`api/${path}`, { method, ...options }).catch(() => {
    throw new Error("the server does not answer");
  });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail || `the server says ${answer.status}`);
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
export const remove = sending("DELETE");

export async function upload(file) {
  const suffix = (/\.[A-Za-z0-9]+$/.exec(file.name) || [".mp4"])[0];
  const answer = await request("POST", `sources/uploads?suffix=${encodeURIComponent(suffix)}`, { body: file });
  return answer.json();
}

/** Fetches a file and hands it to the browser's downloads. */
export async function download(path, name) {
  const answer = await request("GET", path);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
