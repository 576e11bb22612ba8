// One case: its data, its programs from every agent, its rounds.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A mean further off than this is of something else; between the two, float32 sums have drifted, which is worth a remark. */
const WRONG = 1e-2;
const DRIFT = 1e-5;

/** { name, elements, unit, programs: [{ name, role, elements, ns: [a round each], value }], missing, wrong, drifted }. */
export async function runCase(kase, { agents, folder, short, rounds = short ? 2 : kase.sampling.rounds, say }) {
  const own = mkdtempSync(join(folder, 'case-'));
  try {
    say(`${kase.name}: data`);
    const { write, goal, ...description } = kase;
    const data = await write(own, short ? kase.size.short : kase.size.full);
    const { agents: present, missing } = await agents.forCase(kase);
    const programs = [];
    for (const agent of present) {
      say(`${kase.name}: ${agent.name}`);
      const reply = await agent.call('prepare', { case: { ...description, ...data } });
      programs.push(...reply.programs.map((program) => ({ ...program, agent, ns: [] })));
      missing.push(...reply.missing);
    }
    await runRounds(programs, { ...kase.sampling, ...(short ? { seconds: 0 } : {}) }, rounds, (round) =>
      say(`${kase.name}: round ${round} of ${rounds}`),
    );
    const { wrong, drifted } = await compareValues(programs, present[0]);
    for (const agent of present) await agent.call('release');
    const { elements } = data;
    return {
      ...{ name: kase.name, unit: kase.unit, elements, goal, missing, wrong, drifted },
      programs: programs.map(({ agent, ...program }) => program),
    };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** Every program once a round, one after the other; round 0 warms up and is not kept. */
async function runRounds(programs, how, rounds, onRound) {
  for (let round = 0; round <= rounds; round++) {
    onRound(round);
    for (const program of programs) {
      const { ns, value } = await program.agent.call('run', { program: program.name, ...how });
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
  for (const { name, elements, value } of programs) {
    if (!expected.has(elements)) expected.set(elements, (await node.call('reference', { elements })).value);
    const reference = expected.get(elements);
    const off = Math.abs(value - reference) / Math.abs(reference);
    if (!(off <= WRONG)) wrong.push(`${name} gives ${value}, ours ${reference}`);
    else if (off > DRIFT) drifted.push(`${name} (${off.toExponential(0)})`);
  }
  return { wrong, drifted };
}
