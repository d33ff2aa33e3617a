// What scripts add to pages that work without them: the reader's zone, ages that tick, drafts, keys, and
// that something new is said once and not each time.
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const kept = {
    get: key => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* full, or forbidden */ } },
    drop: key => { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };

  // Times come in UTC. The clock of the service counts, and not that of the reader, which may be wrong.
  const ahead = Date.now() - Date.parse(document.documentElement.dataset.now);
  const skew = Math.abs(ahead) > 30000 ? ahead : 0;
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const hours = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
  const span = seconds => {
    const whole = Math.floor(Math.abs(seconds));
    if (whole < 60) return `${whole} s`;
    const [h, m] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    return h ? `${h} h ${m} min` : `${m} min`;
  };
  const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const tick = () => {
    for (const time of all("time[data-show]")) {
      const at = Date.parse(time.dateTime), away = (at - Date.now() + skew) / 1000, form = time.dataset.show;
      if (form === "full") put(time, full.format(at));
      else if (form === "clock") put(time, hours.format(at));
      else if (form === "age") put(time, span(away));
      else if (form === "due") {
        put(time, away >= 0 ? `in ${span(away)}` : `overdue by ${span(away)}`);
        time.classList.toggle("overdue", away < 0);
        time.classList.toggle("soon", away >= 0 && away <= 300);
      }
    }
  };

  // Drafts: what was typed outlives a reload, a lost network and the end of a login.
  const draftOf = form => `commandpost draft ${form.dataset.draft}`;
  const typed = form => all("input:not([type=hidden]), textarea, select", form).filter(it => it.name);
  const saveDraft = form => {
    const fields = typed(form).map(it => [it.name, it.type === "checkbox" ? it.value : "", it.type === "checkbox" ? it.checked : it.value]);
    kept.set(draftOf(form), JSON.stringify(fields));
  };
  const restoreDrafts = () => {
    for (const form of all("form[data-draft]")) {
      let fields = [];
      try { fields = JSON.parse(kept.get(draftOf(form)) || "[]"); } catch { kept.drop(draftOf(form)); }
      let found = false;
      for (const [name, value, said] of fields) {
        const field = typed(form).find(it => it.name === name && (it.type !== "checkbox" || it.value === value));
        if (!field) continue;
        if (field.type === "checkbox") field.checked = said;
        else if (!field.value && said) { field.value = said; found = true; }
      }
      if (found) form.closest("details")?.setAttribute("data-drafted", "");
    }
  };

  // What is new is said once in a while, and not word by word as it comes.
  let toSay = null, saying = null;
  const say = text => {
    toSay = text;
    saying ??= setTimeout(() => { put($("#said"), toSay); saying = null; }, 1500);
  };

  const start = () => {
    tick();
    setInterval(tick, 1000);
    restoreDrafts();
    $("#done")?.focus();
    if ($("#done")) {
      const sent = sessionStorage.getItem("commandpost sent");
      if (sent) kept.drop(sent);
      sessionStorage.removeItem("commandpost sent");
      history.replaceState(null, "", location.pathname + location.hash);
    }
    for (const hidden of all("[data-open], #theme")) hidden.hidden = false;
    if (location.hash.startsWith("#do-")) openForm(location.hash.slice(4));
    if (!navigator.onLine) offline();
  };

  document.addEventListener("input", event => {
    const form = event.target.closest?.("form[data-draft]");
    if (form) saveDraft(form);
  });
  document.addEventListener("submit", event => {
    const form = event.target;
    if (form.dataset.draft && event.submitter?.value !== "preview") {
      sessionStorage.setItem("commandpost sent", draftOf(form));
      // A second press sends it no second time; whoever comes back may press again.
      setTimeout(() => all("button", form).forEach(it => { it.disabled = true; }), 0);
    }
  });
  addEventListener("pageshow", event => {
    if (event.persisted) all("form[data-draft] button").forEach(it => { it.disabled = false; });
  });

  // The stream of the incident: news are counted, and text does not move under the reader's eyes.
  let moved = null;
  document.addEventListener("htmx:sse:after:message", () => {
    moved ??= setTimeout(() => { moved = null; document.body.dispatchEvent(new Event("moved")); }, 120);
  });
  // An answer that is no page of what was asked takes nothing away of what is shown.
  document.addEventListener("htmx:before:swap", event => {
    const status = event.detail.ctx?.response?.status ?? 200;
    if (status !== 401 && status !== 403 && status !== 404 && status !== 429 && status < 500) { $("#trouble").hidden = true; return; }
    event.preventDefault();
    put($("#trouble-why"), status === 401 ? "You are not logged in any more." : status === 404 ? "This is not there any more, or not for you." : "The service cannot answer at the moment; it is asked again.");
    $("#trouble").hidden = false;
  });
  document.addEventListener("htmx:after:swap", () => {
    tick();
    const newest = Number($("#timeline")?.dataset.newest ?? 0);
    for (const seen of all("input[name=seen]")) if (newest > Number(seen.value)) seen.value = String(newest);
    const news = $("#news");
    if (news?.textContent.trim()) say(news.textContent.trim().replace(/\s+/g, " "));
  });
  document.addEventListener("htmx:sse:error", () => { if (!navigator.onLine) offline(); });

  const offline = () => { $("#offline").hidden = false; put($("#offline-since"), hours.format(Date.now())); };
  addEventListener("offline", offline);
  addEventListener("online", () => { $("#offline").hidden = true; document.body.dispatchEvent(new Event("moved")); });

  // Keys.
  const openForm = command => {
    const form = document.getElementById(`do-${command}`);
    if (!form) return;
    form.closest(".act-group").open = true;
    form.open = true;
    form.scrollIntoView({ block: "nearest" });
    (form.querySelector("textarea, input:not([type=hidden]), select") || form.querySelector("button.main")).focus();
  };
  const inRoom = { u: "post_update", n: "add_note", a: "acknowledge" };
  let after = "";
  const follow = key => { const link = $(`[data-key="${CSS.escape(key)}"]`); if (link) location.assign(link.href); };
  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
    if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (after === "g") { after = ""; follow(event.key); return; }
    const doing = $(".room") && inRoom[event.key];
    if (event.key === "g") after = "g";
    else if (event.key === "?") { event.preventDefault(); $("#keys").showModal(); }
    else if (event.key === "/" && $("#q")) { event.preventDefault(); $("#q").focus(); }
    else if (event.key === "d" && $('[data-key="d"]')) follow("d");
    else if (event.key === "t" && $("#timeline")) $("#timeline").scrollIntoView();
    else if (doing) { event.preventDefault(); openForm(doing); }
  });
  document.addEventListener("click", event => {
    const opens = event.target.closest("[data-open]");
    if (opens) document.getElementById(opens.dataset.open).showModal();
    if (event.target.closest("#theme")) {
      const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
      document.documentElement.dataset.theme = dark ? "light" : "dark";
      kept.set("commandpost theme", dark ? "light" : "dark");
    }
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") all("details.menu[open]").forEach(it => { it.open = false; it.querySelector("summary").focus(); });
  });

  // The palette: pages by a part of their name, incidents by their reference.
  const palette = () => $("#palette"), wanted = () => $("#palette-q");
  let choices = [], chosen = 0;
  const draw = () => {
    const said = wanted().value.trim().toLowerCase(), reference = /^(inc-)?([0-9]+)$/.exec(said);
    choices = all(".menu nav a").filter(it => it.textContent.toLowerCase().includes(said)).map(it => [it.textContent, it.href]);
    if (reference) choices.unshift([`INC-${reference[2]}`, `/incidents/INC-${reference[2]}`]);
    chosen = Math.min(chosen, Math.max(choices.length - 1, 0));
    $("#palette-list").replaceChildren(...choices.map(([name], place) => {
      const item = document.createElement("li");
      item.textContent = name; item.id = `choice-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(place === chosen));
      item.addEventListener("click", () => location.assign(choices[place][1]));
      return item;
    }));
    wanted().setAttribute("aria-activedescendant", choices.length ? `choice-${chosen}` : "");
  };
  const openPalette = () => { chosen = 0; wanted().value = ""; palette().showModal(); draw(); wanted().focus(); };
  document.addEventListener("input", event => { if (event.target === wanted()) { chosen = 0; draw(); } });
  document.addEventListener("keydown", event => {
    if (event.target !== wanted()) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); chosen = (chosen + step + choices.length) % Math.max(choices.length, 1); draw(); }
    if (event.key === "Enter" && choices[chosen]) { event.preventDefault(); location.assign(choices[chosen][1]); }
  });

  // What was known: a slider in place of a field for the time.
  const slider = $("#at-slider");
  if (slider) {
    const stops = slider.dataset.stops.split(" "), now = Date.parse(slider.dataset.now);
    slider.value = String(stops.reduce((best, it, place) => Math.abs(Date.parse(it) - now) < Math.abs(Date.parse(stops[best]) - now) ? place : best, 0));
    slider.hidden = false;
    const tell = () => { $("#at").value = stops[slider.value].slice(0, -1); slider.setAttribute("aria-valuetext", full.format(Date.parse(stops[slider.value]))); };
    slider.setAttribute("aria-valuetext", full.format(now));
    slider.addEventListener("input", tell);
    slider.addEventListener("change", () => slider.form.requestSubmit());
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
