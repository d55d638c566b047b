/** For commands; cards of the content stage need the same. */
export { printable } from '#observe/printable.ts'
