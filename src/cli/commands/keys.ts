import { Command } from 'commander';
import { generateKeyFile } from '../../attestation/index.ts';
import { EXIT } from '../exit-codes.ts';
import { JSON_OPTION } from '../options.ts';
import type { CommandFactory } from '../shell.ts';

interface GenerateOptions {
  readonly out: string;
  readonly demo: boolean;
  readonly json: boolean;
}

/** `domicile keys`: the signing key. */
export const keysCommand: CommandFactory = (run) =>
  new Command('keys').description('Signing keys.').addCommand(
    new Command('generate')
      .description('Makes an ECDSA P-256 key pair; an existing file is never overwritten.')
      .option('--out <file>', 'the private key; the public one gets .pub.pem', 'keys/domicile.pem')
      .option('--demo', 'a key that marks everything that it signs as not for reliance', false)
      .option(...JSON_OPTION)
      .addHelpText('after', '\nExample:\n  domicile keys generate --out keys/domicile.pem')
      .action((options: GenerateOptions) =>
        run(async (shell) => {
          const files = await generateKeyFile(options.out, options.demo ? 'demo' : 'signing');
          if (options.json) shell.out(JSON.stringify({ schemaVersion: 1, ...files }));
          else {
            shell.out(`private key  ${files.privateKey} (only its owner may read it)`);
            shell.out(`public key   ${files.publicKey}`);
            shell.out(`fingerprint  ${files.fingerprint}`);
            shell.note('Publish the fingerprint where your customers can compare it.');
          }
          return EXIT.ok;
        }),
      ),
  );
