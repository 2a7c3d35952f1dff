import { noticeSection } from './Notices.tsx'
import { openingSection } from './Opening.tsx'
import { staffSection } from './Staff.tsx'
import type { TaskSection } from './section.ts'

/** The sections of the task sheet in their order. Add yours here: nothing of it is in the counter's first script. */
export const sections: readonly TaskSection[] = [openingSection, noticeSection, staffSection]
