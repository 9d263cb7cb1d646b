import { Command } from 'commander';
import type { Json } from '../../core/index.ts';
import { DomicileError } from '../../core/index.ts';
import { classify } from '../../scan/index.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandFactory } from '../shell.ts';
import { linesOf } from '../stdin-lines.ts';

/** `domicile classify`: what each detector says of values. The values are not printed. */
export const classifyCommand: CommandFactory = (run) =>
  new Command('classify')
    .description('Says what each content detector makes of values on standard input, one JSON value a line.')
    .option('--json', 'one JSON document a line (always so: the answer has no other form)', true)
    .addHelpText('after', `\nExample:\n  echo '"Please write a poem about the sea"' | domicile classify`)
    .action(() =>
      run(async (shell) => {
        let line = 0;
        for await (const text of linesOf(shell.input())) {
          line += 1;
          const detectors = classify(parseValue(text, line));
          const classes = [...new Set(detectors.filter(({ hit }) => hit).map((one) => one.class))];
          shell.out(JSON.stringify({ schemaVersion: 1, line, classes, detectors }));
        }
        return EXIT.ok;
      }),
    );

function parseValue(text: string, line: number): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new DomicileError('BAD_INPUT', {
      message: 'expected one JSON value a line, found another text',
      at: { file: 'standard input', line, column: 1 },
      hint: 'a text is written as "text", with its quotes',
    });
  }
}
