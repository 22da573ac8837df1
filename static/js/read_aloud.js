// "Read this to me", where the browser has a voice of its own for the page's language. A voice that lives on
// somebody's server is not used: what a person is asked would be sent there.

const button = document.querySelector("[data-read-aloud]");
const language = document.documentElement.lang.split("-")[0];
const start = button?.textContent;

const voice = () => speechSynthesis.getVoices().find((one) => one.localService && one.lang.split(/[-_]/)[0] === language);

function offer() {
  button.hidden = !voice();
}

function stop() {
  speechSynthesis.cancel();
  button.textContent = start;
  document.querySelectorAll(".dx-ho__being-read").forEach((part) => part.classList.remove("dx-ho__being-read"));
}

function read() {
  const parts = [...document.querySelectorAll("[data-say]")];
  button.textContent = button.dataset.stop;
  parts.forEach((part, place) => {
    const words = new SpeechSynthesisUtterance(part.innerText);
    Object.assign(words, { voice: voice(), lang: voice().lang, rate: 0.9 });
    words.onstart = () => part.classList.add("dx-ho__being-read");
    words.onend = () => {
      part.classList.remove("dx-ho__being-read");
      if (place === parts.length - 1) stop();
    };
    speechSynthesis.speak(words);
  });
}

if (button && "speechSynthesis" in window) {
  speechSynthesis.addEventListener("voiceschanged", offer);
  offer();
  button.addEventListener("click", () => (button.textContent === start ? read() : stop()));
  window.addEventListener("pagehide", stop);
}
