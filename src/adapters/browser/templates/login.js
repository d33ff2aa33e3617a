(() => {
  const code = location.hash.slice(1);
  const form = document.getElementById("link");
  if (!code || !form) return;
  history.replaceState(null, "", location.pathname);
  form.elements.code.value = code;
  document.getElementById("arrived").hidden = false;
  form.querySelector("button").focus();
})();
