/** Whether the tests of the database's schema write their files instead of only comparing them: `UPDATE_SCHEMA=1`. */
export function writesSchema(): boolean {
  return process.env['UPDATE_SCHEMA'] === '1';
}
