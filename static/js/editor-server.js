// Talking to the server: JSON both ways. What goes wrong is a ServerError with words to show.

export class ServerError extends Error {
  constructor(status, answer = {}) {
    super(answer.message ?? "");
    Object.assign(this, { status, answer });
  }
}

async function answerOf(response) {
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  // The page of the log-in, say: a session that ended answers with it.
  if (!isJson || response.redirected) throw new ServerError(response.ok ? 401 : response.status);
  const answer = await response.json();
  if (!response.ok) throw new ServerError(response.status, answer);
  return answer;
}

export async function ask(url, parameters = {}, signal = undefined) {
  const query = new URLSearchParams(parameters);
  return answerOf(await fetch(`${url}?${query}`, { signal }));
}

function post(url, data, accept, signal) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "X-CSRFToken": token, Accept: accept };
  return fetch(url, { method: "POST", body: new URLSearchParams(data), headers, signal });
}

// After a log-in in another window the page's forms need its token.
export function renew(token) {
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
}

export async function send(url, data, signal = undefined) {
  return answerOf(await post(url, data, "application/json", signal));
}

export async function sendForPage(url, data, signal = undefined) {
  const response = await post(url, data, "text/html", signal);
  if (!response.ok || response.redirected) throw new ServerError(response.status);
  return response.text();
}

// Runs the newest question only: an older one that still runs is given up.
export class Newest {
  constructor(pause) {
    Object.assign(this, { pause, timer: 0, running: null });
  }

  soon(task) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(task), this.pause);
  }

  async now(task) {
    clearTimeout(this.timer);
    this.running?.abort();
    this.running = new AbortController();
    try {
      await task(this.running.signal);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }
}
