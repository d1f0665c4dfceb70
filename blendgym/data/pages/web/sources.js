/** Samples that a server reads from disk when they are asked for. */
class Served {
  recording() {
    return this.read("recording");
  }

  found(wanted) {
    const query = new URLSearchParams();
    for (const name of ["first", "last", "version"]) if (wanted[name] !== null) query.set(name, wanted[name]);
    for (const category of wanted.categories) query.append("category", category);
    for (const [name, [low, high]] of wanted.ranges) query.append("range", `${name}:${low}:${high}`);
    return this.read(`samples?${query}`);
  }

  sample(index) {
    return this.read(`samples/${index}`);
  }

  thumbnail(index) {
    return `samples/${index}/thumbnail`;
  }

  picture(sample, view, name) {
    return `samples/${sample.index}/${view}/${name}`;
  }

  async read(path) {
    let answer;
    try {
      answer = await fetch(path);
    } catch {
      throw new Error("The server has ended: start `blendgym view` again.");
    }
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.error);
    return content;
  }
}

/** Samples that are in the page itself. */
class Embedded {
  constructor(content) {
    this.content = content;
    this.samples = new Map(content.samples.map((sample) => [sample.index, sample]));
  }

  /** That of the whole recording, with counts of what is in the page. */
  async recording() {
    const samples = this.content.samples.filter((sample) => !sample.damage);
    const categories = samples.flatMap((sample) => [...new Set(seenIn(sample).map((each) => each.category))]);
    return {
      ...this.content.recording,
      shown: this.content.samples.length,
      damaged: this.content.samples.length - samples.length,
      categories: countOf(categories),
      versions: countOf(samples.map((sample) => sample.version)),
    };
  }

  async found(wanted) {
    const samples = this.content.samples.filter((sample) => meets(sample, wanted));
    return {
      index: samples.map((sample) => sample.index),
      version: samples.map((sample) => sample.version ?? -1),
      objects: samples.map((sample) => seenIn(sample).length),
    };
  }

  async sample(index) {
    const sample = this.samples.get(index);
    if (!sample) throw new Error(`Sample ${index} is not in this page.`);
    if (sample.damage) throw new Error(sample.damage);
    return sample;
  }

  thumbnail(index) {
    return this.samples.get(index).thumbnail ?? "data:,";
  }

  picture(sample, view, name) {
    return sample.pictures[view][name];
  }
}

function meets(sample, wanted) {
  if (sample.index < (wanted.first ?? 0) || sample.index > (wanted.last ?? Infinity)) return false;
  if (sample.damage) return wanted.version === null && !wanted.categories.size && !wanted.ranges.size;
  if (wanted.version !== null && sample.version !== wanted.version) return false;
  if (wanted.categories.size && !seenIn(sample).some((each) => wanted.categories.has(each.category))) return false;
  const values = new Map(sample.parameters.map((each) => [each.name, each.value]));
  return [...wanted.ranges].every(([name, [low, high]]) => values.get(name) >= low && values.get(name) <= high);
}

/** The objects of which something is visible, each once, however many views see it. */
function seenIn(sample) {
  const visible = (sample.views ?? []).flatMap((view) => view.objects.filter((each) => each.pixels > 0));
  return [...new Map(visible.map((each) => [each.name, each])).values()];
}

/** How often each value occurs, the most frequent first. */
function countOf(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((one, other) => other[1] - one[1]));
}
