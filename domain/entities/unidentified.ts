/** How a row that names no record is called: by what it holds, behind these words. */
export const UNIDENTIFIED = 'row without an id ';
