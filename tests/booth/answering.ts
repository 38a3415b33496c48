// Calls that a test asks for on standard input, each answered with its value or its error on standard output.

import { readFileSync } from "node:fs";

export async function answer(calls: Record<string, (...given: any[]) => unknown>): Promise<void> {
  const answers = [];
  for (const [name, ...given] of JSON.parse(readFileSync(0, "utf-8"))) {
    try {
      answers.push({ value: await calls[name]!(...given) });
    } catch (error) {
      answers.push({ error: String(error) });
    }
  }
  console.log(JSON.stringify(answers));
}
