/** What came from outside, on a terminal: it cannot move the cursor, change direction or begin a line of its own. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

export const printable = (text: string): string => text.replace(unprintable, '?')
