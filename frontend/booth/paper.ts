// What the server says in the reader's language (booth.json): the booth has no words of its own.

import type { Spoken } from "../shared/languages";
import type { Election } from "../shared/questions";

export interface Candidate {
  slot: number;
  name: string;
  statement: string;
  lang: string;
}

export interface AskedQuestion {
  title: string;
  lang: string;
  /** "Choose up to 3." */
  rule: string;
  /** By the number chosen: how many that is of how many; what is wrong with it, or nothing; what may still be chosen. */
  says: string[];
  wrong: string[];
  left: string[];
  groups: { title: string; lang: string; candidates: Candidate[] }[];
}

export interface Paper extends Spoken {
  title: string;
  lang: string;
  closes: string;
  board: string;
  /** Where a device is tried out first, if this is no practice itself. */
  practice: string;
  /** Stands above every step, if there is any. */
  notice: string;
  /** By the number of boxes that are sealed. */
  progress: string[];
  questions: AskedQuestion[];
}

/** Whether the paper shows every answer of the election once, in whatever order. */
export function matches(paper: Paper, election: Election): boolean {
  return (
    paper.questions.length === election.questions.length &&
    paper.questions.every((asked, at) => {
      const slots = asked.groups.flatMap((group) => group.candidates.map((candidate) => candidate.slot));
      const answers = election.questions[at]!.answers;
      return slots.length === answers.length && answers.every((_, slot) => slots.includes(slot));
    })
  );
}
