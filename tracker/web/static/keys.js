/** Keys of the page: they live whatever was clicked last, but for where a key means something of its own. */

const TYPING = "input:not([type=checkbox]):not([type=range]):not([type=color]):not([type=file]), select, textarea";

function isTaken({ target, key }) {
  if (target.closest(TYPING)) return true;
  if (target.matches("input[type=range]")) return key.startsWith("Arrow");
  return (key === " " || key === "Enter") && target.closest("button, summary, a, input") !== null;
}

/**
 * `keys` are actions by name, such as `ctrl+shift+z`; `first` may take a key before; `allowed` says whether any counts.
 * A key that is held down repeats no action while `isBusy`: it would go on after the key was let go.
 */
export function listen(keys, { first, allowed, isBusy }) {
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
    if (!event.repeat || !isBusy()) keys[name]();
  });
}
