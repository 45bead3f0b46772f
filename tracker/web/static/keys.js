/** Keys of the page: they live whatever was clicked last, but for where a key means something of its own. */

const TYPING = "input:not([type=checkbox]):not([type=range]):not([type=color]):not([type=file]), select, textarea";

function isTaken({ target, key }) {
  if (target.closest(TYPING)) return true;
  if (target.matches("input[type=range]")) return key.startsWith("Arrow");
  return (key === " " || key === "Enter") && target.closest("button, summary, a, input") !== null;
}

/** `keys` are actions by name, such as `ctrl+shift+z`; `first` may take a key before; `allowed` says whether any counts. */
export function listen(keys, { first, allowed }) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || isTaken(event) || !allowed()) return;
    const control = event.ctrlKey || event.metaKey;
    if (!control && first(event)) {
      event.preventDefault();
      return;
    }
    const name = control ? `ctrl+${event.shiftKey ? "shift+" : ""}${event.key.toLowerCase()}` : event.key;
    if (!Object.hasOwn(keys, name)) return;
    event.preventDefault();
    keys[name]();
  });
}
