// What the page does besides being read: filters, linked lines, a button to copy.
"use strict";
(() => {
const all = (what, within = document) => [...within.querySelectorAll(what)];
const root = document.documentElement;
root.classList.add("js");

// Links that lead to a part of the page become buttons that show only what they count.
const bar = document.getElementById("filter");
let chosen = null;
function choose(button) {
  chosen = chosen === button ? null : button;
  for (const one of buttons) one.setAttribute("aria-pressed", String(one === chosen));
  const name = chosen && chosen.dataset.filter;
  const device = chosen && chosen.dataset.device;
  let shown = 0;
  for (const one of all("[data-a]")) {
    const section = one.closest("section").id;
    let hide = false;
    if (name && section === chosen.dataset.to) hide = one.dataset.a !== name;
    if (device && section !== "files") hide = !(one.dataset.d || "").split(" ").includes(device);
    one.hidden = hide;
    if (chosen && !hide && (device ? section !== "files" : section === chosen.dataset.to)) shown++;
  }
  for (const body of all("tbody")) {
    const rows = all("[data-a]", body);
    body.hidden = rows.length > 0 && rows.every(row => row.hidden);
  }
  for (const box of all("svg [data-d]")) box.classList.toggle("on", box.dataset.d === device);
  bar.hidden = !chosen;
  bar.textContent = "";
  if (!chosen) return;
  bar.append("Showing " + shown + " of " + chosen.dataset.label + " ");
  const end = document.createElement("button");
  end.type = "button";
  end.textContent = "Show all";
  end.addEventListener("click", () => { const was = chosen; choose(chosen); was.focus(); });
  bar.append(end);
}
const buttons = all("a[data-filter],a[data-device]").map(link => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  Object.assign(button.dataset, link.dataset);
  button.dataset.to = link.hash.slice(1);
  button.dataset.label = link.dataset.filter || link.textContent;
  button.setAttribute("aria-pressed", "false");
  button.append(...link.childNodes);
  link.replaceWith(button);
  button.addEventListener("click", () => {
    choose(button);
    if (chosen && chosen.dataset.filter) {
      document.getElementById(button.dataset.to).scrollIntoView();
    }
  });
  return button;
});
for (const one of all(".pick")) one.hidden = false;
for (const box of all("svg [data-d]")) {
  box.addEventListener("click", () => {
    choose(buttons.find(one => one.dataset.device === box.dataset.d));
  });
}

// A line and what became of it, on both sides.
const lines = all(".panes [data-s]");
const numbers = line => line.dataset.s.split(" ");
function light(line) {
  const wanted = line ? numbers(line) : [];
  for (const one of lines) {
    const on = numbers(one).some(number => wanted.includes(number));
    one.classList.toggle("on", on);
    const pane = one.closest(".pane");
    if (on && line && pane !== line.closest(".pane") && !pane.dataset.moved) {
      pane.dataset.moved = "1";
      const top = one.offsetTop;
      if (top < pane.scrollTop + 40 || top > pane.scrollTop + pane.clientHeight - 40) {
        pane.scrollTop = top - pane.clientHeight / 2;
      }
    }
  }
  for (const pane of all(".pane")) delete pane.dataset.moved;
}
for (const line of lines) {
  line.addEventListener("mouseenter", () => light(line));
  line.addEventListener("mouseleave", () => light(null));
  line.addEventListener("focusin", () => light(line));
  line.addEventListener("focusout", () => light(null));
}

// Print what is folded as well.
let folded = [];
addEventListener("beforeprint", () => {
  folded = all("details:not([open])");
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => { for (const one of folded) one.open = false; });

if (navigator.clipboard) {
  for (const one of all("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(one.innerText);
      button.textContent = "Copied";
    });
    one.after(button);
  }
}
})();
