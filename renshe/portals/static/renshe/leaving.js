// When a session ends by itself: says so a minute before, then clears the screen. Pages work without it; the server ends sessions anyhow.
const notice = document.getElementById("leaving");
const words = notice.querySelector("template");
const LOOK_AGAIN = 300; // seconds between two looks whether the session was ended from elsewhere
const PATIENCE = 10000; // milliseconds for an answer
const seconds = () => Date.now() / 1000;
let end = seconds() + Number(notice.dataset.left);
let final = notice.dataset.final === "true"; // the end cannot be put off: the longest time is over
let looked = seconds();
let counted = looked; // when the server last counted us as busy
let acted = 0; // when somebody last typed or pressed
let asking = null; // a question under way
let clean = true; // nothing is half filled in
let known = false; // somebody has read that the end cannot be put off
const warn = () => Number(final ? notice.dataset.warnFinal : notice.dataset.warn);

const gone = () => {
  clearInterval(timer);
  document.body.replaceChildren();
  const here = encodeURIComponent(location.pathname + location.search);
  location.replace(`${notice.dataset.login}?ended=1&next=${here}`);
};

const question = async (counts) => {
  looked = seconds();
  try {
    const headers = counts ? {} : { "Renshe-Quiet": "1" };
    const answer = await fetch(notice.dataset.session, { cache: "no-store", headers, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) {
      const told = await answer.json();
      end = seconds() + told.left;
      final = told.final;
      if (counts) counted = seconds();
    }
  } catch { /* the network is away: the clock decides */ }
};

const ask = async (counts) => {
  while (asking) await asking;
  asking = question(counts);
  await asking;
  asking = null;
};

const show = () => {
  const left = Math.ceil(end - seconds());
  if (left > warn()) return notice.close();
  if (!notice.open && final && known) return;
  if (!notice.open) notice.append(words.content.cloneNode(true));
  notice.querySelector("[data-left-said]").textContent = left > 90 ? `${Math.ceil(left / 60)} 分钟` : `${Math.max(left, 0)} 秒`;
  if (notice.open) return;
  for (const part of notice.querySelectorAll("[data-when]")) {
    const { when } = part.dataset;
    part.hidden = when === "unsaved" ? clean : (when === "final") !== final;
  }
  notice.showModal();
};

const look = async () => {
  if (asking) return;
  if (end <= seconds()) {
    await ask(false);
    return end <= seconds() ? gone() : show();
  }
  if (notice.open) return show();
  if (end - seconds() <= warn() && !(final && known)) {
    await ask(seconds() - acted < warn());
    return end <= seconds() ? gone() : show();
  }
  if (acted > counted && seconds() - counted > Number(notice.dataset.warn)) return ask(true); // who types is not idle
  if (document.visibilityState === "visible" && seconds() - looked > LOOK_AGAIN) await ask(false);
};

const back = async () => {
  await ask(false);
  if (end <= seconds()) gone();
};

document.addEventListener("input", (event) => {
  if (event.target.closest("form")) clean = false;
});
document.addEventListener("submit", () => { clean = true; });
for (const kind of ["input", "keydown", "pointerdown"]) {
  document.addEventListener(kind, (event) => { if (!notice.contains(event.target)) acted = seconds(); });
}
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") back(); });
window.addEventListener("pageshow", async (event) => {
  if (!event.persisted) return;
  document.documentElement.hidden = true; // a page brought back from memory is shown once the session is known to go on
  await back();
  document.documentElement.hidden = false;
});
notice.addEventListener("cancel", (event) => { event.preventDefault(); });
notice.addEventListener("close", () => { notice.replaceChildren(words); });
notice.addEventListener("click", async (event) => {
  if (!event.target.matches("[data-stay]")) return;
  await ask(true);
  known = final;
  if (known || end - seconds() > warn()) notice.close();
});
const timer = setInterval(look, 1000);
