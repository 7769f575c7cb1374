// « Écouter la question »: the browser’s own voice reads the title, the help and the answers. The
// button is hidden until then: without a script or a voice, the page lacks nothing.
for (const button of document.querySelectorAll("[data-listen]")) {
  if (!("speechSynthesis" in window)) break;
  const [listen, silence] = [button.textContent, button.dataset.listen];
  const rest = () => { button.textContent = listen; };
  button.hidden = false;
  button.addEventListener("click", () => {
    const wasSpeaking = speechSynthesis.speaking;
    speechSynthesis.cancel();
    if (wasSpeaking) return rest();
    const parts = document.querySelectorAll("main h1, form .hint, form .note, form .choice");
    const words = [...parts].map((part) => part.textContent.trim()).join(". ");
    const reading = new SpeechSynthesisUtterance(words);
    reading.lang = button.lang;
    reading.onend = rest;
    button.textContent = silence;
    speechSynthesis.speak(reading);
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
