/** One sample: its pictures side by side, and everything that is known about it. */
class SampleView {
  constructor(element, source) {
    this.element = element;
    this.source = source;
    this.shown = new Set(["boxes", "names"]);
    this.place = 0;
  }

  async show(index, neighbours) {
    Object.assign(this, { index, neighbours });
    let content;
    try {
      const sample = await this.source.sample(index);
      content = this.contentOf(sample);
    } catch (error) {
      content = [make("p", { className: "damage" }, error.message)];
    }
    if (this.index !== index) return;
    this.element.replaceChildren(this.barOf(index, neighbours), ...content);
    this.mark();
  }

  barOf(index, { before, after, position, count }) {
    const step = (target, text, label) =>
      make("a", { className: "button", href: target === null ? "" : `#${target}`, ariaLabel: label,
        ariaDisabled: String(target === null), tabIndex: target === null ? -1 : 0 }, text);
    return make("nav", { className: "bar" },
      make("a", { className: "button", href: "#", title: "Esc" },
        "All", make("span", { className: "wordy" }, "samples")),
      make("h1", {}, `Sample ${index}`),
      make("span", { className: "faint" }, position ? `${position} of ${count}` : ""),
      make("span", { className: "steps" }, step(before, "‹", "previous sample"), step(after, "›", "next sample")));
  }

  contentOf(sample) {
    const place = Math.min(this.place, sample.views.length - 1);
    const view = sample.views[place];
    if (!view) return [parametersTable(sample.parameters)];
    const pictures = make("div", { className: "pictures" },
      ...view.passes.map((pass) => pictureOf(this.source, sample, place, view, pass)));
    pictures.addEventListener("pointermove", (event) => point(pictures, event));
    pictures.addEventListener("pointerleave", () => pictures.classList.remove("pointed"));
    this.pictures = pictures;
    return [
      make("div", { className: "tools" }, this.viewsOf(sample, place), this.togglesOf(view)),
      make("div", { className: "parts" }, pictures,
        make("aside", {},
          view.objects.length ? objectsTable(view, pictures) : section("Objects", "none in sight"),
          sample.parameters.length ? parametersTable(sample.parameters) : null,
          sample.labels.length ? labelsTable(sample.labels) : null,
          factsTable(sample, view))),
    ];
  }

  viewsOf(sample, place) {
    if (sample.views.length < 2) return null;
    const buttons = sample.views.map((view, number) => {
      const properties = { className: "button", ariaPressed: String(number === place) };
      const button = make("button", properties, view.name || `view ${number}`);
      button.addEventListener("click", () => {
        this.place = number;
        this.show(this.index, this.neighbours);
      });
      return button;
    });
    return make("span", { className: "toggles" }, ...buttons);
  }

  togglesOf(view) {
    const has = {
      masks: view.passes.some((pass) => pass.name === "segmentation"), keypoints: view.keypoints.length > 0,
    };
    const buttons = OVERLAYS.filter((each) => has[each.name] ?? view.objects.length > 0).map((each) => {
      const title = `${each.title} ${each.meaning}`;
      const button = make("button", { className: "button", title, data: { overlay: each.name } },
        each.title, make("kbd", {}, each.key));
      button.addEventListener("click", () => this.toggle(each.name));
      return button;
    });
    return make("span", { className: "toggles" }, ...buttons);
  }

  toggle(name) {
    if (!this.shown.delete(name)) this.shown.add(name);
    this.mark();
  }

  mark() {
    for (const { name } of OVERLAYS) this.element.classList.toggle(`show-${name}`, this.shown.has(name));
    for (const button of this.element.querySelectorAll("[data-overlay]"))
      button.ariaPressed = String(this.shown.has(button.dataset.overlay));
  }
}

/** Shows in all pictures the place that is pointed at in one. */
function point(pictures, event) {
  const frame = event.target.closest(".frame");
  pictures.classList.toggle("pointed", frame !== null);
  if (!frame) return;
  const edges = frame.getBoundingClientRect();
  pictures.style.setProperty("--x", `${(100 * (event.clientX - edges.left)) / edges.width}%`);
  pictures.style.setProperty("--y", `${(100 * (event.clientY - edges.top)) / edges.height}%`);
}
