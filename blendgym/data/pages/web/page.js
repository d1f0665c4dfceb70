async function begin() {
  const content = JSON.parse(document.getElementById("data").textContent);
  const source = content ? new Embedded(content) : new Served();
  const head = document.getElementById("head");
  let recording;
  try {
    recording = await source.recording();
  } catch (error) {
    head.append(make("p", { className: "damage" }, error.message));
    return;
  }
  const places = { gallery: document.getElementById("gallery"), sample: document.getElementById("sample") };
  const gallery = new Gallery(places.gallery, source);
  const view = new SampleView(places.sample, source);
  let latest = 0;
  const find = async () => {
    const mine = ++latest;
    const found = await source.found(filters.wanted);
    if (mine === latest) gallery.show(found, recording.shown ?? recording.samples);
  };
  let timer;
  const filters = new Filters(recording, () => {
    clearTimeout(timer);
    timer = setTimeout(find, 120);
  });
  head.append(...headOf(recording), filters.element);
  await find();
  const follow = () => {
    const index = /^#\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : null;
    const wasInGallery = !places.gallery.hidden;
    if (wasInGallery) gallery.scrolledTo = scrollY;
    head.hidden = places.gallery.hidden = index !== null;
    places.sample.hidden = index === null;
    if (index !== null) {
      if (wasInGallery) scrollTo(0, 0);
      view.show(index, gallery.neighbours(index));
    } else if (!wasInGallery) scrollTo(0, gallery.scrolledTo ?? 0);
  };
  addEventListener("hashchange", follow);
  addEventListener("keydown", (event) => press(event, view, gallery));
  follow();
}

function headOf(recording) {
  const shown = recording.shown === undefined ? "" : `${recording.shown.toLocaleString("en")} of `;
  const facts = [shown + counted(recording.samples, "sample")];
  const versions = Object.keys(recording.versions).length;
  if (versions > 1) facts.push(counted(versions, "version"));
  const { scenario, seed, blender } = recording.origin;
  if (scenario !== undefined) facts.push(String(scenario));
  if (seed !== undefined) facts.push(`seed ${seed}`);
  if (blender !== undefined) facts.push(`Blender ${blender}`);
  const notes = [];
  if (recording.loss) notes.push(recording.loss);
  if (recording.damaged) notes.push(`${counted(recording.damaged, "sample")} cannot be read.`);
  return [
    make("h1", {}, recording.name),
    make("p", { className: "faint facts" }, facts.join("  ·  ")),
    ...notes.map((note) => make("p", { className: "damage" }, note)),
  ];
}

function press(event, view, gallery) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
  if (view.element.hidden) return;
  const { before, after } = gallery.neighbours(view.index);
  const overlay = OVERLAYS.find((each) => each.key === event.key);
  if (event.key === "ArrowLeft" && before !== null) location.hash = before;
  else if (event.key === "ArrowRight" && after !== null) location.hash = after;
  else if (event.key === "Escape") location.hash = "";
  else if (overlay) view.toggle(overlay.name);
  else return;
  event.preventDefault();
}

begin();
