/** A refusal as the API words it: `{"success":false,"message":".."}` (contract 2.1, 4). */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}
