import { Command } from 'commander';
import { loadInstruments, replayReport } from '../../audit/index.ts';
import { openReport } from '../../storage/index.ts';
import { EXIT } from '../exit-codes.ts';
import { JSON_OPTION } from '../options.ts';
import type { CommandFactory } from '../shell.ts';
import { textTable } from '../table.ts';

/** `domicile replay`: the same evidence must give the same result, byte for byte. */
export const replayCommand: CommandFactory = (run) =>
  new Command('replay')
    .description("Evaluates a report's own evidence again and shows where the result differs.")
    .argument('<report>', "the report's folder")
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample:\n  domicile replay reports/acme-cn/1-acme-cn-20261122T200000Z\n\nExit codes: 0 the same, 1 it differs.',
    )
    .action((report: string, options: { readonly json: boolean }) =>
      run(async (shell) => {
        const { result, differences } = await replayReport(
          openReport('', report),
          await loadInstruments(),
          shell.version,
        );
        if (options.json)
          shell.out(JSON.stringify({ schemaVersion: 1, verdict: result.verdict, differences }));
        else if (differences.length === 0)
          for (const line of [
            `the same result, byte for byte: ${result.verdict}, and the same statement`,
            'who signed it was not checked: that is what verify is for',
          ])
            shell.out(line);
        else {
          const rows = differences.map(({ path, stored, replayed }) => [path, stored, replayed]);
          for (const line of textTable(['where', 'report', 'replay'], rows)) shell.out(line);
        }
        return differences.length === 0 ? EXIT.ok : EXIT.fail;
      }),
    );
