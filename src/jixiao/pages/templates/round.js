"use strict";
// Texts of cells are only ever set as textContent and attributes by name: nothing of them can come to life.
(() => {
  const byId = (id) => document.getElementById(id);
  const said = JSON.parse(document.querySelector("main").dataset.said);
  const say = (text, values) => said[text].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const PREFIX = "#部门/";
  const FIGURES = new Set(["amount", "score", "rate", "count"]);
  const body = byId("departments").tBodies[0];
  const rows = Array.from(body.rows);
  const nameOf = (row) => row.cells[1].textContent;
  const folded = (text) => text.normalize("NFKC").toLocaleLowerCase("zh-CN").replace(/\s+/g, "");
  const texts = rows.map((row) => folded(nameOf(row)));
  const places = new Map(rows.map((row, place) => [nameOf(row), place]));
  const heads = Array.from(document.querySelectorAll("#departments .sort"));
  const filters = Array.from(document.querySelectorAll("#controls .filter"));
  const collator = new Intl.Collator("zh-CN", { numeric: true });
  const title = document.title;
  const phone = window.matchMedia("(max-width: 760px)");

  function make(tag, text, attributes) {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    return element;
  }

  // --- the list: search, filters, order

  function narrow() {
    const wanted = folded(byId("search").value);
    let shown = 0;
    rows.forEach((row, place) => {
      const fits = texts[place].includes(wanted) && filters.every((filter) =>
        !filter.value || row.cells[filter.dataset.place].textContent.trim() === filter.value);
      row.hidden = !fits;
      shown += fits;
    });
    byId("count").textContent = say("显示 {shown} / {count} 个部门", { shown, count: rows.length });
    byId("none").hidden = shown > 0 || !rows.length;
  }

  function order(place, direction) {
    const keyed = rows.map((row, number) => {
      const cell = row.cells[place], key = cell.dataset.key;
      return { row, number, key: key === undefined ? cell.textContent : key === "" ? null : Number(key) };
    });
    keyed.sort((one, other) => {
      if (one.key === null || other.key === null) {
        return (one.key === null) - (other.key === null) || one.number - other.number;
      }
      const apart = typeof one.key === "number" ? one.key - other.key : collator.compare(one.key, other.key);
      return apart * direction || one.number - other.number;
    });
    body.append(...keyed.map((each) => each.row));
    heads.forEach((head, at) => {
      const cell = head.parentElement;
      if (at === place) cell.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
    });
    byId("order").value = `${place} ${direction}`;
  }

  function turn(place) {
    const now = heads[place].parentElement.getAttribute("aria-sort");
    const rising = place > 1 && heads[place].parentElement.classList.contains("figure") ? -1 : 1;
    order(place, now ? (now === "ascending" ? -1 : 1) : rising);
  }

  // --- a department's own view

  const whole = new Promise((told) => {  // the views stand behind this script: the list need not wait for them
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", told);
    else told();
  });

  async function unpack(place) {
    await whole;
    const packed = byId(`view-${place}`).textContent;
    if (!packed) return [];
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  function fill(holder, cell) {
    const [text, tone, address] = typeof cell === "string" ? [cell, "", ""] : cell;
    if (address) holder.append(make("a", text, { href: address }));
    else if (tone) holder.append(make("span", text, { class: `tone ${tone}` }));
    else holder.textContent = text;
  }

  function draw(sheet, rows, strong, first, caption) {
    const table = make("table", "", { class: "plain stacking", role: "table" });
    table.append(make("caption", caption));
    const head = make("thead", "", { role: "rowgroup" }), line = make("tr", "", { role: "row" });
    const columns = sheet.columns.slice(first);
    for (const [title, kind] of columns) {
      line.append(make("th", title, { scope: "col", role: "columnheader", class: FIGURES.has(kind) ? "figure" : kind }));
    }
    head.append(line);
    const part = make("tbody", "", { role: "rowgroup" });
    rows.forEach((row, number) => {
      const line = make("tr", "", strong.has(number) ? { role: "row", class: "strong" } : { role: "row" });
      columns.forEach(([title, kind], at) => {
        const cell = make("td", "", { role: "cell", "data-label": title, class: FIGURES.has(kind) ? "figure" : kind });
        fill(cell, row[first + at]);
        line.append(cell);
      });
      part.append(line);
    });
    table.append(head, part);
    return table;
  }

  function groups(sheet) {
    const found = new Map();
    sheet.rows.forEach((row, number) => {
      const name = typeof row[0] === "string" ? row[0] : row[0][0];
      if (!found.has(name)) found.set(name, { rows: [], strong: new Set() });
      const group = found.get(name);
      if (sheet.strong.includes(number)) group.strong.add(group.rows.length);
      group.rows.push(row);
    });
    return found;
  }

  function section(sheet, number) {
    const part = make("section", "", { "aria-labelledby": `sheet-${number}` });
    const fold = make("details"), summary = make("summary");
    summary.append(make("h3", sheet.name, { id: `sheet-${number}` }));
    fold.open = number === 0 || !phone.matches;
    fold.append(summary);
    if (!sheet.rows.length) {
      fold.append(make("p", sheet.empty));
    } else if (sheet.grouped) {
      fold.append(make("p", sheet.note, { class: "note" }));
      for (const [name, group] of groups(sheet)) {
        const own = make("details");
        own.append(make("summary", say("{name}（{count} 行）", { name, count: group.rows.length })));
        own.append(draw(sheet, group.rows, group.strong, 1, say("{title}：{line}", { title: sheet.name, line: name })));
        fold.append(own);
      }
    } else {
      fold.append(draw(sheet, sheet.rows, new Set(sheet.strong), 0, sheet.note));
    }
    part.append(fold);
    return part;
  }

  let details = null;
  function facts(place) {
    details = details || JSON.parse(byId("details").textContent);
    const list = details.titles.map((title, at) => [title, details.rows[place][at]]).filter(([, text]) => text);
    byId("facts").replaceChildren(...list.map(([title, text]) => {
      const pair = make("div", "", text.length > 16 ? { class: "long" } : {});
      pair.append(make("dt", title), make("dd", text));
      return pair;
    }));
    const link = byId("workbook");
    link.hidden = !details.feedback[place];
    if (details.feedback[place]) link.setAttribute("href", details.feedback[place]);
  }

  let opened = null;
  async function open(name) {
    const place = places.get(name);
    opened = name;
    byId("department-name").textContent = name;
    byId("trouble").textContent = "";
    byId("sheets").replaceChildren();
    facts(place);
    byId("round").hidden = true;
    byId("department").hidden = false;
    document.title = `${name} - ${title}`;
    window.scrollTo(0, 0);
    byId("department-name").focus({ preventScroll: true });
    try {
      const sheets = await unpack(place);
      if (opened === name) byId("sheets").replaceChildren(...sheets.map(section));
    } catch (problem) {
      byId("trouble").textContent = say("此浏览器不能展开明细，请换用较新的浏览器，或查看工作簿。");
    }
    byId("department").dataset.ready = name;
  }

  function close(target) {
    const last = opened;
    opened = null;
    byId("department").hidden = true;
    byId("round").hidden = false;
    document.title = title;
    const row = last !== null && target === "部门" ? rows[places.get(last)] : null;
    const link = row && !row.hidden ? row.cells[1].firstElementChild : null;
    const place = link || byId(target);
    if (place && last !== null) {
      place.scrollIntoView({ block: link ? "center" : "start" });
      place.focus({ preventScroll: true });
    }
  }

  function follow() {
    let hash = location.hash;
    try { hash = decodeURIComponent(hash); } catch (problem) { hash = ""; }
    const name = hash.startsWith(PREFIX) ? hash.slice(PREFIX.length) : null;
    if (name !== null && places.has(name)) open(name);
    else close(hash.slice(1));
  }

  // --- on paper nothing of a department is folded, nor the method where it is published

  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = Array.from(document.querySelectorAll("#department details:not([open]), .printed:not([open])"));
    unfolded.forEach((each) => { each.open = true; });
  });
  window.addEventListener("afterprint", () => {
    unfolded.forEach((each) => { each.open = false; });
  });

  byId("controls").hidden = byId("print").hidden = false;
  byId("scriptless").hidden = true;
  byId("search").addEventListener("input", narrow);
  filters.forEach((filter) => filter.addEventListener("change", narrow));
  heads.forEach((head, place) => head.addEventListener("click", () => turn(place)));
  byId("order").addEventListener("change", (event) => order(...event.target.value.split(" ").map(Number)));
  byId("print").addEventListener("click", () => window.print());
  window.addEventListener("hashchange", follow);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opened !== null) location.hash = "#部门";
  });
  narrow();
  follow();
})();
