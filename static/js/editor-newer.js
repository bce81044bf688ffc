// Looks every few seconds whether somebody else has saved, and says so at once.

import { ask, renew } from "./editor-server.js";

const EVERY = 15000; // milliseconds; only while the window is seen

export class Watch {
  constructor(form, root, notice) {
    Object.assign(this, { form, root, notice, timer: 0 });
    document.addEventListener("visibilitychange", () => this.look());
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), EVERY);
  }

  async look() {
    clearTimeout(this.timer);
    if (document.hidden) return; // until it is seen again
    try {
      const seen = this.form.elements.seen.value || "0";
      const { message, token } = await ask(this.root.dataset.latest, { seen });
      renew(token);
      this.tell(message);
    } catch {
      // The next look tells.
    }
    this.later();
  }

  // Said once: an alert that is written again is read out again.
  tell(message) {
    const line = this.notice.querySelector("[data-newer-text]");
    if (line.textContent === message) return;
    line.textContent = message;
    this.notice.hidden = !message;
  }
}
