import { Command } from 'commander';
import { loadInstruments } from '../../audit/index.ts';
import { DomicileError, formatAddress, parseAddress } from '../../core/index.ts';
import type { Location } from '../../geo/index.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandFactory } from '../shell.ts';
import { linesOf } from '../stdin-lines.ts';
import { textTable } from '../table.ts';

/** `domicile geo`: where addresses are, by which sources, and how sure that is. */
export const geoCommand: CommandFactory = (run) =>
  new Command('geo')
    .description('Says where an address is, by which sources, and how sure.')
    .argument('[address...]', 'IPv4 or IPv6 addresses; without any, one a line on standard input')
    .option('--json', 'one JSON document a line', false)
    .addHelpText('after', '\nExample:\n  domicile geo 52.80.14.21 2400:3200::1')
    .action((addresses: readonly string[], options: { readonly json: boolean }) =>
      run(async (shell) => {
        const { locator } = await loadInstruments();
        const rows: (readonly string[])[] = [];
        for await (const text of addresses.length > 0 ? addresses : linesOf(shell.input())) {
          const address = parseAddress(text.trim());
          if (address === null) {
            throw new DomicileError('BAD_INPUT', 'expected an IPv4 or IPv6 address, found another text');
          }
          const location = locator.locate(address);
          const name = formatAddress(address);
          if (options.json) shell.out(JSON.stringify({ schemaVersion: 1, address: name, ...location }));
          else rows.push([name, ...locationCells(location)]);
        }
        if (!options.json)
          for (const line of textTable(['address', 'place', 'AWS region', 'sources'], rows)) shell.out(line);
        return EXIT.ok;
      }),
    );

function locationCells(location: Location): readonly string[] {
  const sources = location.sources.map(({ id, says }) => `${id}: ${says}`).join(', ');
  switch (location.kind) {
    case 'located':
      return [location.country, location.awsRegion ?? '', sources];
    case 'disputed':
      return ['disputed', '', sources];
    case 'unprovable':
      return [`unprovable (${location.why})`, '', sources];
    case 'special':
      return [`special (${location.name})`, '', sources];
  }
}
