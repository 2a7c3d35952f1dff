/** What a store's counter is told; the kind says why. */
export const noticeKinds = ['warning', 'letter', 'pledge', 'inquiry', 'stop-sale', 'opening', 'staff', 'other'] as const
export const noticeKindNames = {
  warning: '经营提醒',
  letter: '提醒告诫书',
  pledge: '承诺书',
  inquiry: '情况核实',
  'stop-sale': '停售通知',
  opening: '营业签到',
  staff: '人员检测',
  other: '通知',
} as const
/** What the store has to do: read it, sign for it, or answer its questions. */
export const noticeNeeds = ['read', 'sign', 'answer'] as const
export const noticeNeedNames = { read: '阅知', sign: '签收', answer: '答复' } as const
export const noticeStates = ['sent', 'read', 'done', 'withdrawn'] as const
export const noticeStateNames = { sent: '未读', read: '已读', done: '已办结', withdrawn: '已撤回' } as const
export const questionKinds = ['text', 'choice', 'number'] as const
