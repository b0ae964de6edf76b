// What the programs of both benchmarks do around their measuring.
import { StepFailed } from '../../scripts/report.mjs';
import { writeDocs } from './docs.mjs';
import { describeMachine } from './machine.mjs';

/** On stderr, since stdout is for the result. @param {string} line */
export function tell(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Measures and says what was found: as tables, as one JSON object, and in the docs where that was asked for. Ends the
 * process, with 1 where it failed.
 *
 * @param {{
 *   command: string,
 *   help: string,
 *   readArguments(words: string[]): any,
 *   measure(options: any): Promise<{ sections: Record<string, any>, machine?: object, peers?: object }>,
 *   judge(sections: Record<string, any>): object[],
 *   tables(result: any): string,
 * }} bench `command`: `npm run bench`
 */
export async function runBench({ command, help, readArguments, measure, judge, tables }) {
  try {
    const options = readArguments(process.argv.slice(2));
    if (options.help) process.stdout.write(help);
    else {
      const { sections, machine, ...more } = await measure(options);
      const result = {
        version: 1,
        date: new Date().toISOString(),
        extent: options.extent,
        machine: { ...describeMachine(), ...machine },
        ...more,
        sections,
        targets: judge(sections),
      };
      process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : tables(result));
      if (options.writeDocs) tell(`Wrote the tables into ${writeDocs(command, tables(result))}`);
    }
  } catch (error) {
    tell(error instanceof StepFailed ? error.message : String(error?.stack ?? error));
    if (error?.hint) tell(error.hint);
    process.exitCode = 1;
  }
  // What a program under load or a browser left open must not keep the terminal.
  process.exit();
}
