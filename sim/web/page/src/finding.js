// Who is worth asking: the silent reader, who writes in one launch alone, who is never there.
import { LAUNCHES } from "./launches.js";

const READ = 2; // states of a week, as in sim/web/answer/recording.py: this and above
const LEAST = 3; // weeks in which a silent reader reads, under each launch; who reads most comes first

export const KINDS = ["silent_reader", "one_only", "writer", "never_there"];

// Employees of a kind, those first who show it most: [{employee, week}], with a week that tells something.
export function found({ answers, states, weeks }, kind) {
  const { employee } = answers.a.people;
  const isTold = (one) => answers.a.explained?.includes(one) ?? true; // recorded runs have reasons of a few
  const placeInB = new Map(answers.b.people.employee.map((one, place) => [one, place]));
  const middle = Math.max(1, Math.round(weeks / 2));
  const people = employee.map((one, place) => {
    const places = { a: place, b: placeInB.get(one) };
    const of = (which) => {
      const at = places[which];
      if (at === undefined) return { read: [], first: null };
      const read = states[which].flatMap((state, week) => (week && state.state[at] >= READ ? [week] : []));
      return { read, first: answers[which].people.first_post[at] };
    };
    return { employee: one, sides: LAUNCHES.map(of) };
  });
  const firsts = ({ sides }) => sides.map(({ first }) => first).filter((week) => week !== null);
  const reads = ({ sides }) => sides.reduce((sum, { read }) => sum + read.length, 0);
  const isKind = {
    silent_reader: (one) => !firsts(one).length && one.sides.every(({ read }) => read.length >= LEAST),
    one_only: (one) => firsts(one).length === 1,
    writer: (one) => firsts(one).length === 2,
    never_there: (one) => reads(one) === 0,
  };
  // A week in which the person did read, late in the run, so that the reasons are those of somebody who was there.
  const weekOf = (one) => firsts(one)[0] ?? one.sides[0].read.at(-1) ?? one.sides[1].read.at(-1) ?? middle;
  return people
    .filter((one) => isTold(one.employee) && isKind[kind](one))
    .toSorted((one, other) => reads(other) - reads(one))
    .map((one) => ({ employee: one.employee, week: weekOf(one) }));
}
