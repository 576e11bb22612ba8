// Whether goals are reached. A goal of a case is one of
//   { peers: /name/, atLeast }      the fastest such peer's time over ours
//   { program, peers, atLeast }     the same for that program of ours
//   { plain: true, atMost }         ours over our own plain float64 sum
//   { cpp: true, atLeast }          C++'s plain sum over ours
//   { normal: true, atMost }        ours over ours with normal errors
//   { statistics: true, atMost }    all default statistics over the sum alone
import { median, ratio } from './statistics.mjs';
import { range } from './table.mjs';

const byRole = (programs, role) => programs.find((one) => one.role === role);
const bySpeed = (programs) => programs.toSorted((a, b) => median(a.ns) - median(b.ns));

const COSTS = [
  { key: 'plain', over: 'plain', text: 'cost of exactness over our plain float64 sum' },
  { key: 'normal', over: 'normal', text: 'cost over normal errors' },
  { key: 'statistics', of: 'statistics', text: 'cost of all statistics over the sum alone' },
];

/** Each goal of a case: { goal, result, reached, word }; with a second Node, each once more. */
export function verdicts({ goal, programs }) {
  const suffixes = programs.some(({ role }) => role === 'ours, other node') ? ['', ', other node'] : [''];
  return goal.flatMap((one) => suffixes.map((suffix) => judged(one, programs, suffix)).filter(Boolean));
}

function judged(goal, programs, suffix) {
  const { program, peers, atLeast, atMost } = goal;
  const node = suffix ? ' (the other Node)' : '';
  const role = (name) => byRole(programs, name + suffix);
  const cost = COSTS.find(({ key }) => goal[key]);
  if (cost) {
    const value = ratio(role(cost.of ?? 'ours').ns, role(cost.over ?? 'ours').ns);
    return verdict(`${cost.text} <= ${atMost}${node}`, value, value.median <= atMost, value.max <= atMost);
  }
  if (goal.cpp) return plainVerdict(programs, role('plain'), atLeast, node);
  const ours = program
    ? programs.find((one) => one.name.startsWith(program) && one.role === `ours${suffix}`)
    : role('ours');
  const [best] = bySpeed(programs.filter((one) => one.role === 'peer' && peers.test(one.name)));
  if (!best) return { goal: `>= ${atLeast} of the best peer${node}`, result: 'no peer found', reached: null };
  const lead = ratio(best.ns, ours.ns);
  const text = `>= ${atLeast} times as fast as ${best.name}${node}`;
  return verdict(text, lead, lead.median >= atLeast, lead.min >= atLeast);
}

function plainVerdict(programs, plain, atLeast, node) {
  const cpp = byRole(programs, 'cpp');
  const text = `our plain sum >= ${atLeast} of C++ -O3${node}`;
  if (!cpp) return { goal: text, result: 'no compiler found', reached: null };
  const lead = ratio(cpp.ns, plain.ns);
  return verdict(text, lead, lead.median >= atLeast, lead.min >= atLeast);
}

const verdict = (goal, result, reached, always) => ({
  goal,
  result: range(result),
  reached,
  word: reached ? (always ? 'reached' : 'reached, not in every round') : 'missed',
});

/** The twin's time must be at least this much of ours: what --short fails on. Both sides run in one process, minutes of noise aside. */
const LEAST_OF_TWIN = 0.8;

/** [text] for each case whose kernel is slower than its plain TypeScript twin, by their fastest rounds. */
export function slowerThanTwin(results) {
  return results.flatMap(({ name, programs }) => {
    const twin = byRole(programs, 'twin');
    if (!twin) return [];
    const lead = Math.min(...twin.ns) / Math.min(...byRole(programs, 'ours').ns);
    return lead < LEAST_OF_TWIN
      ? [`${name}: ${lead.toFixed(2)} times as fast as its twin, less than ${LEAST_OF_TWIN}`]
      : [];
  });
}
