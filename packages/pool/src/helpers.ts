import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { decodePartial, type Partial, type Plan } from '@lossmill/evaluation';
import type { Control } from './control.js';
import type { OutputFile } from './output-types.js';
import { unpackError } from './packed-error.js';
import type { Failure } from './shard-loop.js';
import type { Delivery, ThreadResult } from './thread-types.js';
import { keepPool, type ThreadPool, takePool } from './warm-pool.js';

/** A chunk takes milliseconds, a compressed batch of a big file some seconds. */
const GRACE_MS = 10_000;

/** Threads beside this one that take shards from the same counter: one piscina task each, not one a shard. */
export class Helpers {
  readonly #pool: ThreadPool;
  readonly #threads: number;
  readonly #ports: MessagePort[] = [];
  readonly #results: Promise<ThreadResult>;
  readonly #receive: (delivery: Delivery) => void;
  #wake: () => void = () => {};
  /** Every thread has ended its task in order. */
  #ended = false;

  constructor(
    plan: Plan,
    threads: number,
    outputs: readonly OutputFile[],
    control: Control,
    take: (partial: Partial, shards: number) => void,
  ) {
    this.#pool = takePool(threads);
    this.#threads = threads;
    this.#receive = ({ partial, shards }) => {
      take(decodePartial(partial, plan.spec), shards);
      this.#wake();
    };
    const { handle, ...rest } = plan;
    const runs = Array.from({ length: threads }, () => {
      const { port1: here, port2: there } = new MessageChannel();
      here.on('message', this.#receive);
      this.#ports.push(here);
      const task = { plan: rest, handle, outputs, control: control.buffer, port: there };
      return this.#pool.run(task, { transferList: [there] });
    });
    this.#results = Promise.all(runs).then((results) => ({ failure: lowest(results) }));
    this.#results.then(
      () => {
        this.#ended = true;
      },
      () => control.stop('soft'),
    );
  }

  /** Waits until every shard is delivered, or every thread has ended; threads that are still starting by then are not waited for. */
  async finish(complete: () => boolean): Promise<Failure[]> {
    const delivered = new Promise<null>((resolve) => {
      this.#wake = () => complete() && resolve(null);
      this.#wake();
    });
    const result = await Promise.race([delivered, this.#results]);
    this.#drain();
    return result?.failure ? [{ shard: result.failure.shard, error: unpackError(result.failure.error) }] : [];
  }

  /**
   * After a hard stop: waits until every thread has put down what it holds, also one that is still starting, and keeps them for the next
   * evaluation. Ending a thread while it starts or reads can take the whole process with it, so that is done to a hanging one only.
   */
  async release(): Promise<void> {
    await Promise.race([this.#results.catch(() => {}), sleep(GRACE_MS)]);
    for (const port of this.#ports) port.close();
    if (this.#ended) await keepPool(this.#pool, this.#threads);
    else await this.#pool.destroy();
  }

  /** What a thread posted before it ended is in the port already, though its events may not have fired. */
  #drain(): void {
    for (const port of this.#ports) {
      for (let message = receiveMessageOnPort(port); message; message = receiveMessageOnPort(port))
        this.#receive(message.message);
    }
  }
}

/** Does not keep the process alive. */
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

function lowest(results: readonly ThreadResult[]): ThreadResult['failure'] {
  const failures = results.flatMap(({ failure }) => (failure ? [failure] : []));
  return failures.sort((a, b) => a.shard - b.shard)[0] ?? null;
}
