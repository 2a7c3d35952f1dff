import { keys, queryClient } from '../../kernel/query.ts'

/** Shows what a command has changed. */
export const refresh = (): void => void queryClient.invalidateQueries({ queryKey: keys.followups })
