import {
  COUNTERS,
  type CounterName,
  DURATIONS,
  type DurationName,
  GAUGES,
  type GaugeName,
  type GaugeValue,
  type Meter,
  type Metric,
} from '@lossmill/cluster';
import { VERSION } from '@lossmill/pool';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds: from shards of a few rows to those of gigabytes. */
const BUCKETS = [0.001, 0.004, 0.016, 0.0625, 0.25, 1, 4, 16, 64, 256];
/** Redis is given so long; then what it would say is left out. */
const LOOK_MS = 2000;
/** Several scrapers within this time see the same. */
const FRESH_MS = 1000;

/** Counts what a process does, and shows it as Prometheus wants it. */
export class Metrics implements Meter {
  readonly #registry = new Registry();
  readonly #counters = new Map<CounterName, Counter>();
  readonly #durations = new Map<DurationName, Histogram>();
  readonly #gauges = new Map<GaugeName, Gauge>();
  #look: { at: number; done: Promise<void> } | null = null;

  constructor(role: 'worker' | 'coordinator') {
    const registers = [this.#registry];
    const own = <T extends string>(table: Record<T, Metric>) =>
      (Object.entries(table) as [T, Metric][]).filter(([, { on }]) => on === role || on === 'both');
    for (const [key, { name, help }] of own(COUNTERS)) this.#counters.set(key, new Counter({ name, help, registers }));
    for (const [key, { name, help }] of own(DURATIONS))
      this.#durations.set(key, new Histogram({ name, help, buckets: BUCKETS, registers }));
    for (const [key, { name, help, label }] of own(GAUGES))
      this.#gauges.set(key, new Gauge({ name, help, labelNames: label === undefined ? [] : [label], registers }));
    new Gauge({
      name: 'lossmill_build_info',
      help: 'Always 1; the labels tell version and role.',
      labelNames: ['version', 'role'],
      registers,
    }).set({ version: VERSION, role }, 1);
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 50 });
  }

  add(counter: CounterName, by = 1): void {
    this.#counters.get(counter)?.inc(by);
  }

  time(duration: DurationName, seconds: number, times = 1): void {
    const histogram = this.#durations.get(duration);
    for (let i = 0; i < times; i++) histogram?.observe(seconds);
  }

  /**
   * What there is to show. One look at Redis at a time, however many ask and however slow it is.
   * @param gauges values of this moment
   */
  async text(gauges: () => Promise<GaugeValue[]>): Promise<{ text: string; type: string }> {
    if (this.#look === null || performance.now() - this.#look.at > FRESH_MS) {
      const look = { at: Number.POSITIVE_INFINITY, done: this.#refresh(gauges) };
      this.#look = look;
      look.done.then(() => {
        look.at = performance.now();
      });
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#forget();
        resolve();
      }, LOOK_MS);
    });
    await Promise.race([this.#look.done, late]);
    clearTimeout(timer);
    return { text: await this.#registry.metrics(), type: this.#registry.contentType };
  }

  /** Without an answer nothing is shown: an old value would look like a new one. */
  async #refresh(gauges: () => Promise<GaugeValue[]>): Promise<void> {
    const values = await gauges().catch(() => []);
    this.#forget();
    for (const { gauge, label, value } of values) this.#set(gauge, label, value);
  }

  #forget(): void {
    for (const [key, gauge] of this.#gauges) {
      // For prom-client the one without a label is 0 after a reset.
      if ((GAUGES[key] as Metric).label === undefined) gauge.remove();
      else gauge.reset();
    }
  }

  #set(gauge: GaugeName, label: string | undefined, value: number): void {
    const name = (GAUGES[gauge] as Metric).label;
    if (name === undefined || label === undefined) this.#gauges.get(gauge)?.set(value);
    else this.#gauges.get(gauge)?.set({ [name]: label }, value);
  }
}
