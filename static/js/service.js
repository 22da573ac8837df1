// Starts the design system's own behaviour. Every page works without any of this.
import { initAll } from "../vendor/nhsuk/nhsuk-frontend.min.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();

// When the screen is handed over to a service user, pages left open in other tabs turn to the questions too,
// and so does a page that the browser kept and gives back by its Back button: the server says what may be shown.
new BroadcastChannel("handed-over").addEventListener("message", () => window.location.reload());
window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
