/**
 * No server gives fewer rows than this at once where it has more. A page that is shorter than asked for and longer than this may
 * have been cut at a size of the server's own, so the walk asks once more.
 */
export const FEWEST_ON_A_PAGE = 5;
