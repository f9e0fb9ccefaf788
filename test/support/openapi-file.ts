/** Whether the test of the OpenAPI document writes the file instead of only comparing it: `UPDATE_OPENAPI=1`. */
export function writesOpenApi(): boolean {
  return process.env['UPDATE_OPENAPI'] === '1';
}
