// Filters and sorts what the report shows. Without it, the report shows everything.

const form = document.getElementById("filter");
const body = document.querySelector("#table tbody");
const cards = [...document.querySelectorAll(".card")].map((element) => ({
  element,
  id: element.id,
  name: element.dataset.host,
  text: element.textContent.toLowerCase(),
}));
const collator = new Intl.Collator("en", { numeric: true });

/** The rows of the table, with the text that a search looks at. */
const rows = [...body.querySelectorAll("tr[data-name]")].map((element, index) => {
  const { host, name, verdict, rank, active, changes } = element.dataset;
  const keys = { host, name, verdict: Number(rank), active: Number(active), index };
  const text = element.textContent.toLowerCase();
  return { element, host, verdict, keys, text, changes: changes !== undefined };
});

/** Rows that are equal in the column that sorts keep this order. */
const TIES = ["verdict", "host", "name"];

/** Numbers the texts of a key in their order, once: to compare two texts takes longer than all else of a sort. */
function numberTexts(key) {
  const texts = [...new Set(rows.map(({ keys }) => keys[key]))].sort(collator.compare);
  const places = new Map(texts.map((text, place) => [text, place]));
  for (const { keys } of rows) keys[key] = places.get(keys[key]);
}

for (const key of ["host", "name"]) numberTexts(key);

/** The order that the rows are in: they come sorted. */
let sorted = "verdict";

function sortRows(order) {
  if (order === sorted || rows.length === 0) return;
  sorted = order;
  const key = order.replace("-", "");
  const direction = order.startsWith("-") ? -1 : 1;
  rows.sort((a, b) => {
    const first = direction * (a.keys[key] - b.keys[key]);
    return TIES.reduce((found, tie) => found || a.keys[tie] - b.keys[tie], first);
  });
  // All at once: to move one row after the other takes a browser seconds.
  body.replaceChildren();
  body.append(...rows.map(({ element }) => element));
}

/** Says in the head of the table which column sorts it. */
function markColumn(order) {
  for (const head of document.querySelectorAll("th[data-sort]")) {
    if (head.dataset.sort !== order.replace("-", "")) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", order.startsWith("-") ? "descending" : "ascending");
  }
}

function plural(count, thing) {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/** What the form asks for. */
function readForm() {
  const data = new FormData(form);
  return {
    words: data.get("q").toLowerCase().split(/\s+/).filter(Boolean),
    host: data.get("host"),
    verdicts: data.getAll("verdict"),
    changes: data.has("changes"),
    sort: data.get("sort"),
  };
}

/** Shows the rows that match. Returns how many have each verdict whatever the chips say, and the hosts shown. */
function filterRows({ words, host, verdicts, changes }) {
  const counts = {};
  const hosts = [];
  for (const row of rows) {
    const matches =
      (host === "" || row.host === host) &&
      (!changes || row.changes) &&
      words.every((word) => row.text.includes(word));
    const isShown = matches && (verdicts.length === 0 || verdicts.includes(row.verdict));
    row.element.hidden = !isShown;
    if (matches) counts[row.verdict] = (counts[row.verdict] ?? 0) + 1;
    if (isShown) hosts.push(row.host);
  }
  return { counts, hosts };
}

/** Shows the cards of the hosts that have a row, and those that have the words of the search themselves. */
function filterCards({ words, host, verdicts, changes }, hosts) {
  for (const { element, name, text } of cards) {
    const own = verdicts.length === 0 && !changes && words.every((word) => text.includes(word));
    element.hidden = (host !== "" && name !== host) || !(own || hosts.has(name));
  }
}

function apply() {
  const asked = readForm();
  const { words, host, verdicts, changes, sort } = asked;
  const { counts, hosts } = filterRows(asked);
  filterCards(asked, new Set(hosts));
  for (const label of form.querySelectorAll("[data-count]")) {
    label.textContent = counts[label.dataset.count] ?? 0;
  }
  const isFiltered = words.length + verdicts.length > 0 || host !== "" || changes;
  const all = plural(rows.length, "MicroVM");
  form.elements.result.value = isFiltered
    ? `${hosts.length} of ${all} on ${plural(new Set(hosts).size, "host")}`
    : `${all} on ${plural(cards.length, "host")}`;
  document.getElementById("clear").hidden = !isFiltered;
  document.getElementById("nothing").hidden = hosts.length > 0 || rows.length === 0;
  sortRows(sort);
  markColumn(sort);
  remember();
}

/** Keeps the filter in the address, so that a link or a reload shows the same. */
function remember() {
  const asked = [...new FormData(form)].filter(
    ([name, value]) => value !== "" && !(name === "sort" && value === "verdict"),
  );
  const hash = asked.length === 0 ? "" : `#?${new URLSearchParams(asked)}`;
  if (location.hash.startsWith("#?") || hash !== "") {
    history.replaceState(null, "", hash === "" ? location.pathname + location.search : hash);
  }
}

function recall() {
  if (!location.hash.startsWith("#?")) return;
  const asked = new URLSearchParams(location.hash.slice(2));
  for (const field of form.elements) {
    if (field.type === "checkbox") field.checked = asked.getAll(field.name).includes(field.value);
    else if (asked.has(field.name)) field.value = asked.get(field.name);
  }
}

/** Opens the card that a link or the address names. */
function openCard(hash) {
  const card = cards.find(({ id }) => `#${id}` === hash);
  if (card === undefined) return;
  card.element.hidden = false;
  card.element.open = true;
  card.element.querySelector("summary").focus({ preventScroll: true });
  card.element.scrollIntoView({ block: "start" });
}

for (const { name } of [...cards].sort((a, b) => collator.compare(a.name, b.name))) {
  form.elements.host.append(new Option(name, name));
}

for (const head of document.querySelectorAll("th[data-sort]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  const { sort: key } = head.dataset;
  // Whoever sorts by it wants to see first what runs.
  const [first, second] = key === "active" ? ["-active", "active"] : [key, `-${key}`];
  button.addEventListener("click", () => {
    const { sort } = form.elements;
    sort.value = sort.value === first ? second : first;
    apply();
  });
}

form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => {
  // The fields are empty only after the event.
  setTimeout(() => {
    apply();
    form.elements.q.focus();
  });
});

document.addEventListener("keydown", (event) => {
  const { q } = form.elements;
  const isTyping = event.target.matches("input:not([type=checkbox]), select, textarea");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    q.focus();
    q.select();
  } else if (event.key === "Escape" && event.target === q && q.value !== "") {
    q.value = "";
    apply();
  }
});

const all = document.getElementById("all");
all.addEventListener("click", () => {
  const open = all.getAttribute("aria-pressed") === "false";
  for (const { element } of cards) element.open = open;
  all.setAttribute("aria-pressed", String(open));
});

// Not only on `hashchange`: a link to the card that was opened before changes no address.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#host-']");
  if (link === null) return;
  event.preventDefault();
  history.pushState(null, "", link.hash);
  openCard(link.hash);
});
window.addEventListener("popstate", () => openCard(location.hash));
form.hidden = false;
all.hidden = false;
recall();
apply();
openCard(location.hash);
