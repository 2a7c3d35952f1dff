export { fileHandlers } from './file.route.ts'
export type { FileTable } from './file.table.ts'
export { keepFile, type NewFile } from './keep.ts'
export { type FileStore, type OpenedFile, openFiles, type SaveFile, type StoredFile } from './store.ts'
