// A handed-over screen: the answer is saved as it is picked, and an idle page turns itself over.
// Nothing is kept in the browser's storage: what could not be sent stays in the open page until it can.

const RETRY_MS = 5000;
const LOOK_MS = 1000;

const form = document.getElementById("questions");
const offline = document.getElementById("offline");
const skip = document.getElementById("skip");
const { idleSeconds, locked } = document.body.dataset;

// Pages of this service that are open in other tabs show somebody's record: they turn to the questions too.
new BroadcastChannel("handed-over").postMessage("on");

// --- An idle screen ---------------------------------------------------------------------------------------

let asked = Date.now(); // when the server last heard from this page; a sleeping tablet's timers stand still

function lookAtTheClock() {
  if (Date.now() - asked < idleSeconds * 1000) return;
  clearInterval(looking);
  document.getElementById("page").hidden = true;
  document.getElementById("locked").hidden = false;
  window.speechSynthesis?.cancel();
  toTheLockedPage();
}

// Only once it can be reached: the browser's own page about the lost network would have a way back.
async function toTheLockedPage() {
  try {
    await fetch(locked, { credentials: "same-origin", redirect: "manual" });
    window.location.replace(locked);
  } catch {
    setTimeout(toTheLockedPage, RETRY_MS);
  }
}

const looking = setInterval(lookAtTheClock, LOOK_MS);
document.addEventListener("visibilitychange", lookAtTheClock);
window.addEventListener("focus", lookAtTheClock);

// A page kept by the browser and given back by its Back button asks the server again.
window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());

// --- Saving -----------------------------------------------------------------------------------------------

let unsent = false;
let sending = null; // the request under way, so that the next waits for its version
let retry = 0;

async function send(go) {
  while (sending) await sending;
  const body = new FormData(form);
  if (go) body.set("go", go);
  unsent = true;
  form.dataset.sending = "";
  sending = post(body);
  const reply = await sending;
  sending = null;
  if (reply) arrived(reply);
}

// The server's reply; null where there is none yet, with the sentence that says so.
async function post(body) {
  try {
    const response = await fetch(form.getAttribute("action"), {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
    });
    if (response.status === 403 || response.type === "opaqueredirect") return shut();
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(response.status);
    return await response.json();
  } catch {
    offline.textContent = form.dataset.offline;
    offline.hidden = false;
    clearTimeout(retry);
    retry = setTimeout(send, RETRY_MS);
    return null;
  }
}

// Locked, or signed out: the server says what to show instead.
function shut() {
  unsent = false;
  window.location.reload();
  return null;
}

function arrived({ go, error, version, was }) {
  clearTimeout(retry);
  unsent = false;
  offline.hidden = true;
  asked = Date.now();
  if (go) return window.location.assign(go);
  if (error) return form.submit(); // the whole page says what is wrong, and where
  delete form.dataset.sending;
  form.elements.version.value = version;
  form.querySelector("[name^=was-]").value = was;
}

form?.addEventListener("change", ({ target }) => {
  keepOneKind(target);
  if (skip) skip.hidden = Boolean(form.querySelector("input:checked"));
  send();
});

// An answer takes "I don't know" away, and the other way round.
function keepOneKind(chosen) {
  if (!chosen.checked) return;
  const quiet = "quiet" in chosen.dataset;
  for (const box of form.querySelectorAll("input:checked")) {
    if (box !== chosen && (quiet || "quiet" in box.dataset)) box.checked = false;
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.submitter?.value ?? "next");
});

window.addEventListener("online", () => unsent && send());
window.addEventListener("beforeunload", (event) => unsent && event.preventDefault());
document.getElementById("error")?.focus();
