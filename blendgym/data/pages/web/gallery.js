const AT_ONCE = 120;

/** Thumbnails of the samples that were found; more of them are made when their place comes near. */
class Gallery {
  constructor(element, source) {
    this.source = source;
    this.found = { index: [], version: [], objects: [] };
    this.note = make("p", { className: "faint", role: "status" });
    this.grid = make("div", { className: "grid" });
    this.end = make("div", { className: "end" });
    element.append(this.note, this.grid, this.end);
    const watch = new IntersectionObserver(([entry]) => entry.isIntersecting && this.more(), { rootMargin: "1200px" });
    watch.observe(this.end);
  }

  show(found, total) {
    this.found = found;
    this.made = 0;
    this.grid.replaceChildren();
    const count = found.index.length;
    this.note.textContent = total === 0 ? "There is no sample yet; reload when there are some."
      : count === total ? "" : `${counted(count, "sample")} of ${total.toLocaleString("en")}`;
    this.more();
  }

  more() {
    const end = Math.min(this.made + AT_ONCE, this.found.index.length);
    for (; this.made < end; this.made++) this.grid.append(this.cardOf(this.made));
    const isNear = this.end.getBoundingClientRect().top < 2 * innerHeight;
    if (isNear && end < this.found.index.length && this.grid.offsetParent) requestAnimationFrame(() => this.more());
  }

  cardOf(place) {
    const [index, version, objects] = [this.found.index[place], this.found.version[place], this.found.objects[place]];
    const image = make("img", { loading: "lazy", decoding: "async", src: this.source.thumbnail(index), alt: "" });
    const note = version < 0 ? "damaged" : counted(objects, "object");
    const card = make("a", { className: "card", href: `#${index}` }, image,
      make("span", {}, make("b", {}, String(index)), make("span", { className: "faint" }, note)));
    image.addEventListener("error", () => {
      card.classList.add("broken");
      card.querySelector(".faint").textContent = "damaged";
    });
    return card;
  }

  neighbours(index) {
    const place = this.found.index.indexOf(index);
    const at = (number) => (place < 0 ? null : this.found.index[number] ?? null);
    return { before: at(place - 1), after: at(place + 1), position: place + 1, count: this.found.index.length };
  }
}
