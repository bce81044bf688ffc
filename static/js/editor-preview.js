// The preview: the reader's own page, made by the server of the words in the fields, some moments
// after each change. It is put into the frame without loading it anew: the place one reads stays.

import { Newest, sendForPage } from "./editor-server.js";

const PAUSE = 700; // milliseconds without a change
const NAMES = ["title", "standfirst", "body"];

export class Preview {
  constructor(form, root) {
    Object.assign(this, { form, root, newest: new Newest(PAUSE), shown: "" });
    this.frame = root.querySelector("iframe");
    this.said = root.querySelector("[data-said]");
    this.language = root.querySelector("[data-preview-language]");
    this.width = root.querySelector("[data-preview-width]");
    root.querySelector("[data-choices]").hidden = false;
    this.frame.addEventListener("load", () => this.loaded());
    form.addEventListener("input", (event) => {
      if (NAMES.includes(event.target.name)) this.newest.soon((signal) => this.update(signal));
    });
    this.language.addEventListener("change", () => { this.frame.src = this.language.value; });
    this.width.addEventListener("change", () => this.fit());
    new ResizeObserver(() => this.fit()).observe(root);
    if (this.frame.contentDocument?.readyState === "complete") this.loaded();
  }

  get isOwn() {
    return this.language.selectedIndex === 0;
  }

  // The address shows what was saved; the fields may say something else already.
  loaded() {
    this.shown = "";
    this.frame.contentDocument?.addEventListener("click", (event) => this.follow(event));
    this.newest.now((signal) => this.update(signal));
  }

  fit() {
    const width = Number(this.width.value);
    const scale = Math.min(1, this.root.clientWidth / width);
    this.root.style.setProperty("--width", `${width}px`);
    this.root.style.setProperty("--scale", String(scale));
  }

  async update(signal) {
    const { textShown, textSaved, textFailed } = this.root.dataset;
    if (!this.isOwn) {
      this.said.textContent = textSaved;
      return;
    }
    const words = Object.fromEntries(NAMES.map((name) => [name, this.form.elements[name].value]));
    if (JSON.stringify(words) === this.shown) return;
    try {
      this.put(await sendForPage(this.language.value, words, signal));
      this.shown = JSON.stringify(words);
      this.said.textContent = textShown;
    } catch (error) {
      if (error.name === "AbortError") throw error;
      this.said.textContent = error.message || textFailed;
    }
  }

  put(html) {
    const made = new DOMParser().parseFromString(html, "text/html");
    const { contentDocument, contentWindow } = this.frame;
    const top = contentWindow.scrollY;
    contentDocument.body.replaceWith(contentDocument.adoptNode(made.body));
    contentWindow.scrollTo({ top, behavior: "instant" });
  }

  // A link within the page moves there; any other opens a window, as the page itself says.
  follow(event) {
    const link = event.target.closest?.("a[href*='#']");
    const target = link?.pathname === new URL(this.frame.src).pathname
      && this.frame.contentDocument.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    target.scrollIntoView();
  }
}
