// One case: its data, its programs from every agent, its rounds.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeColumns } from '../data.mjs';

/** A mean further off than this is of something else; between the two, float32 sums have drifted, which is worth a remark. */
const WRONG = 1e-2;
const DRIFT = 1e-5;

/** { name, elements, unit, programs: [{ name, role, elements, ns: [a round each], value }], missing, wrong, drifted }. */
export async function runCase(kase, { agents, folder, short, rounds = short ? 2 : kase.sampling.rounds, say }) {
  const own = mkdtempSync(join(folder, 'case-'));
  try {
    say(`${kase.name}: data`);
    const { write, make, goal, ...description } = kase;
    const data = await prepared(kase, own, short ? kase.size.short : kase.size.full);
    const { agents: present, missing } = await agents.forCase(kase);
    const programs = [];
    for (const agent of present) {
      say(`${kase.name}: ${agent.name}`);
      const reply = await agent.call('prepare', { case: { ...description, ...data, short } });
      programs.push(...reply.programs.map((program) => ({ ...program, ...shown(program, agent), agent, ns: [] })));
      missing.push(...reply.missing);
    }
    await runRounds(programs, { ...kase.sampling, ...(short ? { seconds: 0 } : {}) }, rounds, (round) =>
      say(`${kase.name}: round ${round} of ${rounds}`),
    );
    const { wrong, drifted } = await compareValues(programs, present[0]);
    for (const agent of present) await agent.call('release');
    const { elements } = data;
    return {
      ...{ name: kase.name, group: kase.group, unit: kase.unit, elements, goal, missing, wrong, drifted },
      programs: programs.map(({ agent, called, ...program }) => program),
    };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** The case's columns on disk: { elements, rows, files }. */
async function prepared({ write, make, classes = 1, npy }, folder, size) {
  if (write) return write();
  const { rows, columns } = make(size);
  return { elements: rows * classes, rows, files: writeColumns(folder, { rows, columns }, { npy }) };
}

/** Programs of a second Node say so; no goal of the first is judged by them. */
function shown({ name, role }, { label = '' }) {
  return { called: name, name: name + label, role: label ? `${role}, other node` : role };
}

/** Every program once a round, one after the other; round 0 warms up and is not kept. */
async function runRounds(programs, how, rounds, onRound) {
  for (let round = 0; round <= rounds; round++) {
    onRound(round);
    for (const program of programs) {
      const { ns, value } = await program.agent.call('run', { program: program.called, ...how });
      program.value = value;
      if (round > 0) program.ns.push(ns);
    }
  }
}

/** Programs whose mean is not ours over the same elements, and those where it is a little off. */
async function compareValues(programs, node) {
  const expected = new Map();
  const wrong = [];
  const drifted = [];
  for (const { name, elements, value, unchecked } of programs) {
    if (unchecked) continue;
    if (!expected.has(elements)) expected.set(elements, (await node.call('reference', { elements })).value);
    const reference = expected.get(elements);
    const off = Math.abs(value - reference) / Math.abs(reference);
    if (!(off <= WRONG)) wrong.push(`${name} gives ${value}, ours ${reference}`);
    else if (off > DRIFT) drifted.push(`${name} (${off.toExponential(0)})`);
  }
  return { wrong, drifted };
}
