"use strict";
(() => {
  // The page is whole without this: it sorts, filters and searches the table, and keeps the ticks of the checklists.
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const table = document.querySelector("table.models");
  const form = document.querySelector("form.filter");
  const body = table.tBodies[0];
  // What is asked of a model is looked up when it is asked: a thousand rows would keep the page from opening.
  class Model {
    words = "";
    constructor(row) { this.row = row; }
    get section() { return (this.found ??= document.getElementById(this.row.cells[1].firstElementChild.getAttribute("href").slice(1))); }
    get level() { return this.row.dataset.l; }
    get license() { return this.row.cells[3].textContent; }
    get marks() { return (this.states ??= new Set(this.row.dataset.k.split(" "))); }
  }
  const rows = [...body.rows].map((row) => new Model(row));
  const empty = document.querySelector(".empty");
  const count = form.querySelector(".count");
  const field = form.elements;

  // Rows are not drawn as a table's: a narrow screen shows cards. It stays a table for who hears it.
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const role = (name, some) => some.forEach((one) => one.setAttribute("role", name));
  const keepTable = (one) => {
    role("table", [one]);
    role("rowgroup", [...one.tBodies, ...(one.tHead ? [one.tHead] : [])]);
    role("row", [...one.rows]);
    all("td", one).forEach((cell) => cell.setAttribute("role", "cell"));
    all("th", one).forEach((cell) => cell.setAttribute("role", cell.closest("thead") ? "columnheader" : "rowheader"));
  };
  // What a number counts is told beside it where there is no head above it.
  const tell = () => rows.forEach(({ row }) => [0, 4, 7, 8].forEach((at) => { row.cells[at].dataset.h = heads[at]; }));
  const narrow = matchMedia("(max-width: 760px)");
  const keepTables = () => {
    if (!narrow.matches) return;
    narrow.removeEventListener("change", keepTables);
    tell();
    all("table").forEach(keepTable);
  };
  const later = window.requestIdleCallback || ((act) => setTimeout(act, 200));
  narrow.addEventListener("change", keepTables);
  later(() => { keepTable(table); keepTables(); });

  const wordsOf = (one) => (one.words ||= `${one.row.textContent} ${one.section ? one.section.textContent : ""}`.toLowerCase());
  // Which clauses a model has, its section says: each stands there under an id of its own.
  const says = (one, mark) => mark.startsWith("c:") && document.getElementById(`${one.section.id}.${mark.slice(2)}`) !== null;
  const fits = (one, wanted) =>
    (!field.level.value || one.level === field.level.value) &&
    (!field.license.value || one.license === field.license.value) &&
    (!field.mark.value || one.marks.has(field.mark.value) || says(one, field.mark.value)) &&
    wanted.every((word) => wordsOf(one).includes(word));

  const filter = () => {
    const wanted = field.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let seen = 0;
    for (const one of rows) {
      const hidden = !fits(one, wanted);
      seen += !hidden;
      if (one.row.hidden !== hidden) {
        one.row.hidden = hidden;
        if (one.section) one.section.hidden = hidden;
      }
    }
    empty.hidden = seen > 0 || rows.length === 0;
    count.textContent = seen === rows.length ? `${seen} models` : `${seen} of ${rows.length} models; the sections below follow`;
  };
  const clear = () => { form.reset(); filter(); };

  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  empty.querySelector("button").addEventListener("click", clear);
  form.hidden = false;

  // A tile of the summary shows the models that it counts.
  all("a[data-level], a[data-mark]").forEach((tile) => tile.addEventListener("click", () => {
    form.reset();
    if (tile.dataset.level) field.level.value = tile.dataset.level;
    if (tile.dataset.mark) field.mark.value = tile.dataset.mark;
    filter();
  }));

  // A link may lead to a model that the filter hides.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const section = target && target.closest("article.model");
    if (section && section.hidden) { clear(); target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const section = target && target.closest("article.model[hidden]");
    if (section) clear();
  });

  const levels = ["closed", "unknown", "restrictive", "permissive-open-weights", "fully-open"];
  const thresholds = ["reached", "tell us", "below"];
  const number = (text) => (/\d/.test(text) ? parseFloat(text.replace(/[^\d.]*([\d.]+).*/s, "$1")) : -1);
  const keys = {
    1: (cell) => cell.textContent.trim().toLowerCase(),
    2: (cell) => levels.indexOf(cell.parentNode.dataset.l),
    3: (cell) => cell.textContent.trim().toLowerCase(),
    5: (cell) => thresholds.indexOf(cell.textContent.trim()) >>> 0,
    6: (cell) => 1000 * Math.max(0, number(cell.querySelector(".err")?.textContent || "")) + Math.max(0, number(cell.querySelector(".wrn")?.textContent || "")),
    9: (cell) => cell.textContent.trim(),
  };
  const order = new Intl.Collator("en", { numeric: true });
  const sort = (at, down) => {
    const key = keys[at] || ((cell) => number(cell.textContent));
    const sorted = rows.map((one) => [key(one.row.cells[at]), one]);
    sorted.sort(([a], [b]) => (typeof a === "string" ? order.compare(a, b) : a - b) * (down ? -1 : 1));
    body.append(...sorted.map(([, one]) => one.row));
  };
  all("thead th", table).forEach((cell, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `Sort by ${cell.textContent}`);
    cell.append(button);
    cell.addEventListener("click", () => {
      const before = cell.getAttribute("aria-sort");
      // Numbers tell most when the largest stand first, names when they begin with A.
      const down = before ? before === "ascending" : cell.classList.contains("n") && at > 0;
      all("[aria-sort]", table).forEach((one) => one.removeAttribute("aria-sort"));
      cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(at, down);
    });
  });

  // Ticks are kept in this browser, for this document alone.
  const name = `licscan ${document.title} ${document.querySelector(".facts").textContent}`;
  const boxes = (model) => all(".duties input", model);
  try {
    const kept = new Set(JSON.parse(localStorage.getItem(name) || "[]"));
    for (const id of kept) {
      const [key, at] = id.split(" ");
      const model = document.getElementById(key);
      const box = model && boxes(model)[at];
      if (box) box.checked = true;
    }
    document.addEventListener("change", ({ target }) => {
      if (!target.matches(".duties input")) return;
      const model = target.closest("article");
      const id = `${model.id} ${boxes(model).indexOf(target)}`;
      if (target.checked) kept.add(id); else kept.delete(id);
      localStorage.setItem(name, JSON.stringify([...kept]));
    });
  } catch { /* a browser that keeps nothing still ticks */ }

  // A clause's title is a link to itself, to be copied; written out, these would be a tenth of the page.
  const near = new IntersectionObserver((some) => some.filter((one) => one.isIntersecting).forEach(({ target }) => {
    near.unobserve(target);
    all(".term > b:first-child", target).forEach((title) => {
      const link = document.createElement("a");
      link.href = `#${title.parentNode.id}`;
      title.replaceWith(link);
      link.append(title);
    });
  }), { rootMargin: "600px" });
  later(() => all("article.model").forEach((model) => near.observe(model)));

  const folded = () => all("details:not([open])");
  let opened = [];
  addEventListener("beforeprint", () => { opened = folded(); opened.forEach((one) => { one.open = true; }); });
  addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));

  filter();
  reveal();
})();
