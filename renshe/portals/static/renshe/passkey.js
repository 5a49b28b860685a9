// Passkeys: asks the server for a question, the device for an answer. Without support the buttons stay hidden.
if (window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON) {
  for (const part of document.querySelectorAll("[data-passkey-only]")) part.hidden = false;
}
const send = async (form, address, body) => {
  const answer = await fetch(address, {
    method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${told.fault}。${told.then}。`);
  return told;
};
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-passkey]");
  if (!button) return;
  const form = button.form, fault = form.querySelector("[data-passkey-fault]");
  fault.textContent = "";
  try {
    const question = await send(form, button.dataset.question, {});
    const key = button.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
    const label = form.querySelector("[name=label]");
    const told = await send(form, button.dataset.answer, { ...key.toJSON(), ...(label ? { label: label.value } : {}) });
    window.location.assign(told.to);
  } catch (problem) {
    fault.textContent = problem.name === "NotAllowedError" ? "已取消，或设备没有回应。可以再试一次，或用密码登录。" : problem.message;
  }
});
