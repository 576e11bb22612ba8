// A bench agent's side of the conversation: one JSON request per line on stdin, one JSON answer per line on stdout.
// Requests: hello, prepare {case}, reference {elements}, run {program, calls, seconds, warm}, release.
import { createInterface } from 'node:readline';

/**
 * Serve `agent`: { hello(): versions, prepare(case): { programs, missing, reference }, release() }.
 * A program is { name, role, elements, run }; `run` does the whole work once and returns (a promise of) the value.
 */
export async function serve(agent) {
  const write = process.stdout.write.bind(process.stdout);
  // Libraries that print would break the protocol.
  console.log = console.error;
  let prepared = null;
  const answer = {
    hello: () => agent.hello(),
    prepare: async ({ case: kase }) => {
      prepared = await agent.prepare(kase);
      const programs = prepared.programs.map(({ run, ...program }) => program);
      return { programs, missing: prepared.missing ?? [] };
    },
    reference: async ({ elements }) => ({ value: await prepared.reference(elements) }),
    run: ({ program, ...how }) => sample(findProgram(prepared, program), how),
    release: async () => {
      prepared = null;
      await agent.release?.();
      return {};
    },
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    let reply;
    try {
      reply = await answer[request.op](request);
    } catch (error) {
      reply = { error: error.stack ?? String(error) };
    }
    write(`${JSON.stringify(reply)}\n`);
  }
}

function findProgram({ programs }, name) {
  const program = programs.find((one) => one.name === name);
  if (!program) throw new Error(`No program ${name}.`);
  return program;
}

/** Runs a program at least `calls` times and `seconds` long; the fastest call, in ns per element: other load only ever adds. */
async function sample(program, { calls, seconds, warm }) {
  for (let i = 0; i < warm; i++) await program.run();
  const times = [];
  let value;
  const begin = performance.now();
  do {
    const start = performance.now();
    value = program.run();
    if (value instanceof Promise) value = await value;
    times.push(performance.now() - start);
  } while (times.length < calls || performance.now() - begin < seconds * 1000);
  return { ns: (Math.min(...times) * 1e6) / program.elements, calls: times.length, value };
}
