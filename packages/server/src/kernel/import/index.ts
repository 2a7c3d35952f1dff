export { Cells } from './cells.ts'
export { type ImportTask, importFile, type UploadedFile } from './import.ts'
