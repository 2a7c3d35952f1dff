/** Closed lists of how people are told, with their Chinese names; no schema library. */
export const channelKinds = ['wecom', 'dingtalk', 'email', 'webhook', 'sms'] as const
export type ChannelKind = (typeof channelKinds)[number]
export const channelKindNames = {
  wecom: '企业微信',
  dingtalk: '钉钉',
  email: '电子邮件',
  webhook: '系统接口',
  sms: '短信',
} as const
/** Ways in which areas and persons are told; the others are for businesses. */
export const areaChannelKinds = ['wecom', 'dingtalk', 'email'] as const
export type AreaChannelKind = (typeof areaChannelKinds)[number]

export const tellStatuses = ['waiting', 'sent', 'dead', 'dropped'] as const
export type TellStatus = (typeof tellStatuses)[number]
export const tellStatusNames = { waiting: '待推送', sent: '已送达', dead: '推送失败', dropped: '不再推送' } as const

/** What messages are about. */
export const messageKinds = ['alert', 'followup', 'compliance', 'opening', 'recall', 'test'] as const
export type MessageKind = (typeof messageKinds)[number]
export const messageKindNames = {
  alert: '需求预警',
  followup: '随访',
  compliance: '经营规范',
  opening: '营业签到',
  recall: '冷链召回',
  test: '测试',
} as const
