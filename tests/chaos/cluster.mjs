import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkSample } from './invariants.mjs';
import { PATIENCE } from './patience.mjs';
import { command, Member, track } from './processes.mjs';
import { Redis } from './redis.mjs';

export const ENDS = ['done', 'degraded', 'failed', 'cancelled'];

/** Short locks, so that what is lost is found within a second or two. */
const SETTINGS = {
  LOSSMILL_LOCK_MS: '1500',
  LOSSMILL_STALLED_MS: '500',
  LOSSMILL_RECONCILE_MS: '1000',
  LOSSMILL_TASK_MS: '1',
  LOSSMILL_BACKOFF_MS: '100',
  LOSSMILL_DRAIN_MS: '3000',
  LOSSMILL_THREADS: '1',
};

/** A Redis with workers and coordinators as real processes, and one who watches them. */
export class Cluster {
  #members = [];
  #kept = new Map();
  #numbers = 0;
  #on = true;

  /** Milliseconds until all processes were ready: on a busy machine faults come less often, or nobody would ever get to work. */
  startMs = 0;

  #tornUntil = 0;

  constructor({ data, settings = {} }) {
    this.folder = mkdtempSync(join(tmpdir(), 'lossmill-chaos-'));
    this.redis = new Redis(this.folder, track);
    this.settings = { ...SETTINGS, ...settings };
    this.data = data;
    this.since = Date.now();
    this.events = [];
  }

  async start({ workers = 2, coordinators = 1, more } = {}) {
    await this.redis.start();
    this.env = {
      ...process.env,
      ...this.settings,
      LOSSMILL_REDIS: this.redis.url,
      LOSSMILL_DATA_ROOTS: `${this.data}:${this.folder}`,
    };
    for (let i = 0; i < workers; i++) this.keep('worker', more);
    for (let i = 0; i < coordinators; i++) this.keep('coordinator', more);
    const since = Date.now();
    await this.until('all are ready', () => this.#members.every((member) => member.isReady));
    this.startMs = Date.now() - since;
  }

  /** Notes a fault, for the log of a run that goes wrong. */
  say(text) {
    this.events.push(`${((Date.now() - this.since) / 1000).toFixed(1).padStart(6)} s  ${text}`);
  }

  /** Redis may have applied half a transaction: bitmaps and counters may differ until a coordinator has looked. */
  torn(patience = 5000) {
    this.#tornUntil = Date.now() + patience;
  }

  /** A process of the role, with variables of its own such as LOSSMILL_FAILPOINT. */
  spawn(role, more = {}) {
    const member = new Member(role, { ...this.env, ...more }, this.folder, ++this.#numbers);
    this.#members.push(member);
    return member;
  }

  /** A process of the role that is started again whenever it ends. */
  keep(role, more) {
    if (!this.#on) return;
    const member = this.spawn(role, more);
    this.#kept.set(member, role);
    member.ended.then(() => {
      if (this.#kept.delete(member)) this.keep(role, more);
    });
  }

  /** The process is no longer started again. */
  release(member) {
    this.#kept.delete(member);
  }

  /** The processes of a role that are to be there now. */
  kept(role) {
    return [...this.#kept].filter(([, kept]) => kept === role).map(([member]) => member);
  }

  async until(what, test, patience = PATIENCE) {
    for (const since = Date.now(); Date.now() - since < patience; await sleep(25)) if (await test()) return;
    throw new Error(`not within ${patience / 1000} s: ${what}`);
  }

  run(...args) {
    return command(this.env, args);
  }

  /** Submits a spec and resolves to the evaluation's id. */
  async submit(spec, ...flags) {
    const path = join(this.folder, `spec-${++this.#numbers}.json`);
    writeFileSync(path, JSON.stringify(spec));
    const { code, out, err } = await this.run('submit', '--spec', path, '--detach', '--json', ...flags);
    if (code !== 0) throw new Error(`submit ended with ${code}: ${err}`);
    return JSON.parse(out).id;
  }

  /**
   * What Redis knows of an evaluation at one moment, checked against itself; null when Redis does not know it, undefined
   * when it does not answer.
   */
  async look(id) {
    const key = (name) => `{lossmill}:ev:${id}:${name}`;
    const reads = [
      ['HGETALL', key('st')],
      ['BITCOUNT', key('bm')],
      ['BITCOUNT', key('fb')],
    ];
    const replies = await this.redis.ask(['MULTI'], ...reads, ['EXEC']).catch(() => undefined);
    const last = replies?.at(-1);
    if (!Array.isArray(last)) return undefined;
    const [flat, counted, failed] = last;
    if (flat.length === 0) return null;
    const st = Object.fromEntries(flat.map((name, i) => [name, flat[i + 1]]).filter((_, i) => i % 2 === 0));
    const number = (name) => Number(st[name] ?? 0);
    const sample = {
      state: st.state,
      endedAt: number('endedAt'),
      error: st.error ? JSON.parse(st.error) : null,
      ...{ total: number('total'), done: number('done'), failed: number('failed'), rows: number('rows') },
      ...{
        totalRows: number('totalRows'),
        cursor: number('cursor'),
        retried: number('retried'),
        duplicates: number('duplicates'),
        counted,
      },
    };
    // Nothing is to be seen of it but in samples: all of it is set right before anything is reported.
    if (Date.now() > this.#tornUntil) checkSample(sample, failed);
    return sample;
  }

  /** Waits until a share of the shards is counted; resolves to what is known then. */
  async progress(id, share, patience = PATIENCE) {
    let last;
    await this.until(
      `${Math.round(share * 100)} % of ${id}`,
      async () => {
        last = (await this.look(id)) ?? last;
        return last && (ENDS.includes(last.state) || (last.total > 0 && last.done >= share * last.total));
      },
      patience,
    );
    return last;
  }

  /** Waits for the end. Resolves to the last look. `mayFall`: Redis may have forgotten what was counted. */
  async end(id, patience = PATIENCE, { mayFall = false } = {}) {
    let most = 0;
    let last;
    const look = async () => {
      last = (await this.look(id)) ?? last;
      if (!mayFall && last && last.done < most) throw new Error(`progress fell from ${most} to ${last.done} shards`);
      most = Math.max(most, last?.done ?? 0);
      return last !== undefined && ENDS.includes(last.state);
    };
    await this.until(`the end of ${id}`, look, patience).catch((error) => {
      throw new Error(`${error.message}; last seen ${JSON.stringify(last)}`);
    });
    return last;
  }

  async stop() {
    this.#on = false;
    this.#kept.clear();
    for (const { child } of this.#members)
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await Promise.all(this.#members.map(({ ended }) => ended));
    await this.redis.kill();
  }

  /** The last lines of every process's log. */
  logs(lines = 4) {
    const tail = (member) => member.log().trim().split('\n').slice(-lines).join('\n');
    return this.#members.map((member) => `--- ${member.role} ${member.pid}\n${tail(member)}`).join('\n');
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
