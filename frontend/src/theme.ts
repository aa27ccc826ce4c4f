/** Runs before the first paint: a theme chosen earlier must not flash in after the other one. */
(() => {
  try {
    const chosen = localStorage.getItem('modelkeep.theme');
    if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be refused; the system's theme stays.
  }
})();
