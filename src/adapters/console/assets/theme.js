(() => {
  // Before anything is drawn: what the reader has chosen, if anything.
  try {
    const chosen = localStorage.getItem("commandpost theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch { /* nothing is kept in this browser */ }
})();
