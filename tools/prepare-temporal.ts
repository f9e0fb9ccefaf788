/** Makes the Temporal dev server ready before the tests: found, built or downloaded, or told why not. */
import { readSettings } from '../cli/config.ts';
import { findTemporalProgram } from '../cli/stack/temporal-program.ts';

const settings = readSettings();
if (settings.temporal.address === undefined) {
  try {
    await findTemporalProgram({ cacheDir: settings.cacheDir, say: (line) => console.log(line) });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
