// One page of questions: saves as answers change, shows questions that follow, and answers to keys.
// Nothing is kept in the browser's storage: what could not be sent stays in the open page until it can.

const form = document.getElementById("questions");
const asked = document.getElementById("asked");
const saved = document.getElementById("saved");
const offline = document.getElementById("offline");
const RETRY_MS = 5000;

const GOAL = "goal_in_words"; // the one box to write in; only on the page that asks for the person's goal
const PAUSE_MS = 1500; // of typing, after which the words are saved

let touched = new Set(); // codes of questions changed since the last time everything was sent
let sending = null; // the request under way, so that the next waits for its version
let retry = 0;
let pause = 0;

const questions = () => [...asked.querySelectorAll("[data-question]")];
const questionOf = (element) => element.closest("[data-question]");
const shownBefore = (code) => form.elements[`was-${code}`];

// --- Saving -----------------------------------------------------------------------------------------------

async function send(go) {
  while (sending) await sending;
  const codes = touched;
  touched = new Set();
  const body = new FormData(form);
  if (go) body.set("go", "1");
  sending = post(body).then((reply) => settle(reply, body.get(GOAL)));
  const reply = await sending;
  sending = null;
  if (!reply) codes.forEach((code) => touched.add(code));
  return reply;
}

// Before the next request goes: what it sends must be newer than what this one saved, however fast one types.
function settle(reply, goal) {
  if (!reply?.was || Object.keys(reply.errors).length) return reply;
  // Somebody else wrote the goal: theirs is shown, unless words were typed here meanwhile. Then both are, as an error.
  if (typeof reply.goal === "string") {
    if (form.elements[GOAL].value !== goal) return { ...reply, errors: { [GOAL]: reply.goal } };
    form.elements[GOAL].value = reply.goal;
  }
  form.elements.version.value = reply.version;
  for (const [code, was] of Object.entries(reply.was)) if (shownBefore(code)) shownBefore(code).value = was;
  return reply;
}

// The server's reply; null where there is none yet, with the bar that says so.
async function post(body) {
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
    });
    if (response.status === 403 || response.type === "opaqueredirect") return signedOut();
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(response.status);
    connected();
    return await response.json();
  } catch {
    return disconnected();
  }
}

function disconnected() {
  tell("cut-off");
  return null;
}

function signedOut() {
  tell("signed-out");
  return null;
}

// The words stand in the page, in its language. Told again, they are not read out again.
function tell(what) {
  if (offline.hidden || offline.dataset.told !== what)
    offline.replaceChildren(document.getElementById(what).content.cloneNode(true));
  offline.dataset.told = what;
  offline.hidden = false;
  saved.textContent = saved.dataset.notYet;
  clearTimeout(retry);
  retry = setTimeout(tryAgain, RETRY_MS);
}

function connected() {
  offline.hidden = true;
  clearTimeout(retry);
}

// After signing in again the form's token is an old one: a fresh page has the new one.
async function tryAgain() {
  try {
    const response = await fetch(form.action, { credentials: "same-origin", redirect: "manual" });
    if (response.ok) {
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      const token = fresh.querySelector("#questions [name=csrfmiddlewaretoken]");
      if (token) form.elements.csrfmiddlewaretoken.value = token.value;
    }
  } catch {
    // Still no connection: saving says so again.
  }
  await save(false);
}

async function save(go) {
  form.dataset.sending = "";
  const reply = await send(go);
  if (!reply) return;
  const there = reply.go && new URL(reply.go, window.location.href);
  if (there && there.pathname !== window.location.pathname) return leave(there);
  if (Object.keys(reply.errors).length) return showErrors();
  arrange(reply);
  saved.textContent = reply.told ? `${reply.saved}. ${reply.told}` : reply.saved;
  if (!sending) delete form.dataset.sending;
}

function leave(url) {
  clearTimeout(pause);
  touched.clear();
  window.location.assign(url);
}

// The whole page, sent with the version that it was opened at, says what is wrong and where.
function showErrors() {
  touched.clear();
  form.submit();
}

// Questions that no longer apply go, those that follow come, in the order of the questionnaire.
function arrange({ order, fieldsets }) {
  const here = document.activeElement;
  for (const question of questions()) {
    if (!order.includes(question.dataset.question)) question.remove();
  }
  order.forEach((code, place) => {
    const now = questions().find((question) => question.dataset.question === code);
    if (!fieldsets[code] || touched.has(code)) return;
    const fresh = new DOMParser().parseFromString(fieldsets[code], "text/html").body.firstElementChild;
    const focused = now ? now.contains(here) : !touched.size; // a new one follows from what was just answered
    if (now) now.replaceWith(fresh);
    else asked.insertBefore(fresh, questions()[place] ?? null);
    if (focused) fresh.querySelector("fieldset").focus();
  });
}

// --- Answering --------------------------------------------------------------------------------------------

form.addEventListener("input", ({ target }) => {
  if (target.name !== GOAL) return;
  touched.add(GOAL);
  clearTimeout(pause);
  pause = setTimeout(save, PAUSE_MS, false);
});

form.addEventListener("change", ({ target }) => {
  if (target.name === GOAL) {
    clearTimeout(pause);
    save(false);
    return;
  }
  const question = questionOf(target);
  if (!question) return;
  keepOneKind(question, target);
  touched.add(question.dataset.question);
  save(false);
});

// An answer takes "no answer" away, and the other way round; of "no answer" there is one.
function keepOneKind(question, chosen) {
  if (!chosen.checked) return;
  const quiet = "quiet" in chosen.dataset;
  for (const box of question.querySelectorAll("input:checked")) {
    if (box !== chosen && (quiet || "quiet" in box.dataset)) box.checked = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  save(true);
});

window.addEventListener("online", () => touched.size && tryAgain());
window.addEventListener("focus", () => !offline.hidden && tryAgain());
window.addEventListener("beforeunload", (event) => touched.size && event.preventDefault());

// --- Keys -------------------------------------------------------------------------------------------------
// Letters count only while a question has the focus, so that they are nobody else's shortcuts.

asked.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const question = questionOf(event.target);
  if (!question) return;
  if (event.key === "Enter" && event.target.tagName !== "SUMMARY") {
    event.preventDefault();
    next(question);
  } else if (event.key === "n") {
    openReasons(question);
  } else if (/^[a-z]$/i.test(event.key)) {
    tick(question, event);
  }
});

// Of several ticks the last is made with Shift, and leads on.
function tick(question, event) {
  const row = openRow(question, event.target);
  const key = event.key.toLowerCase();
  const box =
    row.querySelector(`[data-key="${key}"]:not([data-quiet])`) ??
    question.querySelector(`[data-quiet][data-key="${key}"]`);
  if (!box) return;
  event.preventDefault();
  box.focus();
  if (box.type === "checkbox" || !box.checked) box.click();
  const more = box.type === "checkbox" && !("quiet" in box.dataset) && !event.shiftKey;
  if (!more) next(question);
}

// A grid is answered row by row; any other question is its own only row.
function openRow(question, target) {
  const rows = [...question.querySelectorAll("[data-row]")];
  const here = target.closest("[data-row]");
  return here ?? rows.find((row) => !row.querySelector("input:checked")) ?? rows[0] ?? question;
}

function next(question) {
  const row = [...question.querySelectorAll("[data-row]")].find((one) => !one.querySelector("input:checked"));
  const quiet = question.querySelector("[data-quiet]:checked");
  if (row && !quiet) return row.querySelector("input").focus();
  const all = questions();
  const after = all[all.indexOf(question) + 1];
  if (after) after.querySelector("fieldset").focus();
  else form.querySelector("button.nhsuk-button").focus();
}

function openReasons(question) {
  const reasons = question.querySelector("details");
  reasons.open = true;
  reasons.querySelector("input").focus();
}

// Where the address names a question, the browser has gone there; else to the first without an answer.
if (!window.location.hash && !document.querySelector(".nhsuk-error-summary")) {
  const open = questions().find((question) => !question.querySelector("input:checked")) ?? questions()[0];
  open?.querySelector("fieldset").focus({ preventScroll: true });
}
