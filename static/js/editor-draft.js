// Keeps what is typed, some seconds after each change, until it is saved.

import { ask, renew, send } from "./editor-server.js";

const PAUSE = 2000; // milliseconds without a change
const LONGEST = 10000; // … and at most so long while somebody goes on typing
const AGAIN = 10000; // before a failed try is repeated
const NAMES = ["title", "standfirst", "body", "note", "seen"];

export class Keeping {
  // `root` says where words are kept and which are known; `said` tells what became of it.
  constructor(form, root, said) {
    Object.assign(this, { form, root, said, timer: 0, since: 0, isRunning: false, isLeaving: false });
    this.isOut = false; // logged out, or in again in another window: a save would lose the words
    this.isBlocked = false; // other words of the same person are kept: they are not replaced
    form.elements.body.after(said);
    form.addEventListener("input", (event) => {
      if (NAMES.includes(event.target.name)) this.changed();
    });
    form.addEventListener("submit", (event) => {
      if (event.submitter?.formTarget === "_blank") return;
      if (!this.isOut) this.leave();
      else {
        event.preventDefault();
        this.keep();
      }
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.since) this.keep();
    });
    addEventListener("beforeunload", (event) => {
      if (this.since && !this.isLeaving) event.preventDefault();
    });
    const offer = document.querySelector("[data-offer] form");
    offer?.addEventListener("submit", (event) => this.discard(event, offer));
  }

  changed() {
    this.since ||= Date.now();
    const rest = Math.max(0, this.since + LONGEST - Date.now());
    this.later(Math.min(PAUSE, rest));
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), wait);
  }

  leave() {
    clearTimeout(this.timer);
    this.isLeaving = true;
  }

  get words() {
    const values = NAMES.map((name) => [name, this.form.elements[name].value]);
    return Object.fromEntries([...values, ["known", this.root.dataset.known]]);
  }

  async keep() {
    clearTimeout(this.timer);
    if (this.isLeaving || this.isBlocked) return;
    if (this.isRunning) {
      this.later(PAUSE);
      return;
    }
    const { since } = this;
    this.isRunning = true;
    this.since = 0;
    try {
      if (this.isOut) await this.comeBack();
      this.show(await send(this.root.dataset.draft, this.words));
      this.isOut = false;
    } catch (error) {
      this.since ||= since;
      this.isOut = [401, 403].includes(error.status);
      this.fail(error);
    } finally {
      this.isRunning = false;
    }
  }

  async comeBack() {
    renew((await ask(this.root.dataset.latest, { seen: this.form.elements.seen.value })).token);
  }

  show({ known, at }) {
    this.root.dataset.known = known;
    const { textKept, textNothing } = this.said.dataset;
    this.said.textContent = known ? textKept.replace("#", at) : textNothing;
  }

  // What the server refuses stays refused until the words are others; all else is tried again.
  fail(error) {
    this.said.textContent = error.message || this.said.dataset.textFailed;
    this.isBlocked = error.status === 409;
    if (!this.isBlocked && error.status !== 400) this.later(AGAIN);
  }

  async discard(event, offer) {
    event.preventDefault();
    try {
      await send(offer.action, { discard: "1", known: offer.elements.known.value });
    } catch (error) {
      this.said.textContent = error.message || this.said.dataset.textFailed;
      return;
    }
    offer.closest("[data-offer]").remove();
    this.form.elements.offered.value = "";
    this.isBlocked = false;
    this.form.elements.body.focus();
    if (this.since) this.keep();
  }
}
