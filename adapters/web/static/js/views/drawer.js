// The sessions as a drawer on narrow screens: behind it nothing can be reached until it closes.

export class Drawer {
  constructor(sidebar, scrim, main) {
    this.sidebar = sidebar;
    this.scrim = scrim;
    this.main = main;
    this.narrow = matchMedia("(max-width: 859px)");
    scrim.addEventListener("click", () => this.close());
    addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.narrow.addEventListener("change", () => this.close());
    this.settle(false);
  }

  open(button) {
    this.button = button;
    this.settle(true);
    this.sidebar.querySelector("a, button")?.focus();
  }

  close() {
    const wasOpen = this.isOpen;
    this.settle(false);
    if (wasOpen) this.button?.focus();
  }

  settle(open) {
    this.isOpen = open && this.narrow.matches;
    this.sidebar.classList.toggle("open", this.isOpen);
    this.sidebar.inert = this.narrow.matches && !this.isOpen;
    this.main.inert = this.isOpen;
    this.scrim.hidden = !this.isOpen;
    this.button?.setAttribute("aria-expanded", String(this.isOpen));
  }
}
