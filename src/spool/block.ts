/**
 * The unit of writing. Commits begin on a block and are padded to whole ones: pages are overwritten without reading them
 * first, and a torn sector never holds an older record.
 */
export const blockSize = 4096

export const padded = (length: number): number => Math.ceil(length / blockSize) * blockSize
