import { createDictionary } from '../../dictionary.js';
import type { LocalFile } from '../../storage/file.js';
import { NumberCodes } from './batch-column.js';
import { Body } from './body.js';
import { batchColumn } from './columns.js';
import type { DictionaryPlace } from './messages.js';
import { type ArrowKind, columnTypeOf } from './plan.js';
import { type DictionaryValues, TextCodes } from './text-columns.js';

/** Loads the dictionaries of a file, each state of each once. */
export class Dictionaries {
  readonly #source: LocalFile;
  readonly #uri: string;
  readonly #places: readonly DictionaryPlace[];
  readonly #stream: boolean;
  readonly #loaded = new Map<string, DictionaryValues>();

  constructor(source: LocalFile, uri: string, places: readonly DictionaryPlace[], stream: boolean) {
    this.#source = source;
    this.#uri = uri;
    this.#places = places;
    this.#stream = stream;
  }

  /**
   * The values of dictionary `id` as a batch at byte `position` sees them: in a stream the last one before it with the
   * deltas that follow it, in a file all.
   */
  valuesAt(position: number, id: number, value: ArrowKind): DictionaryValues {
    const visible = this.#places.filter((place) => place.id === id && (!this.#stream || place.metadata < position));
    const start = visible.findLastIndex((place) => !place.delta);
    if (start < 0) throw new RangeError(`dictionary ${id} is used before it is given`);
    const places = visible.slice(start);
    const key = `${id} ${places.map((place) => place.metadata).join(' ')}`;
    let values = this.#loaded.get(key);
    if (!values) {
      values = joined(places.map((place) => this.#load(place, value)));
      this.#loaded.set(key, values);
    }
    return values;
  }

  #load(place: DictionaryPlace, layout: ArrowKind): DictionaryValues {
    const body = new Body(this.#source, place, { inDictionary: true });
    const type = columnTypeOf(layout);
    const name = `dictionary ${place.id}`;
    const column = {
      field: { name, layout, node: 0, buffer: 0, views: 0 },
      read: { column: name, as: 'text' as const, type, width: null },
      uri: this.#uri,
      numberCodes: new NumberCodes(type === 'string' ? 'f64' : type, type),
      textCodes: new TextCodes(),
    };
    const reader = batchColumn(column, body, 0, () => {
      throw new RangeError('a dictionary of dictionaries');
    });
    const { rows } = body;
    // Values take a bit each at least: a count is not believed before memory is taken for it.
    const bytes = rows > 0 ? body.region(column.field, 1).bytes : 0;
    if (rows > 8 * bytes) throw new RangeError(`a dictionary of ${rows} values has ${bytes} bytes for them`);
    const present = new Uint8Array(rows);
    const numbers = new Float64Array(type === 'string' ? 0 : rows);
    const dictionary = createDictionary();
    const codes = new Int32Array(rows);
    if (rows > 0) {
      if (type !== 'string') reader.read(0, rows, { numbers, present });
      if (reader.read(0, rows, { codes, dictionary, present }) === 0) present.fill(1);
    }
    const texts = Array.from(codes, (code, index) => (present[index] === 1 ? dictionary.values[code] : null));
    return { numbers, texts, present };
  }
}

function joined(parts: readonly DictionaryValues[]): DictionaryValues {
  if (parts.length === 1) return parts[0];
  return {
    numbers: Float64Array.from(parts.flatMap((part) => [...part.numbers])),
    texts: parts.flatMap((part) => part.texts),
    present: Uint8Array.from(parts.flatMap((part) => [...part.present])),
  };
}
