-- Whom a module tells besides areas and persons, by the module's own name for it: the businesses of a recall. By webhook or text message.
ALTER TABLE channel.target ADD subject text, DROP CONSTRAINT target_kind_check, DROP CONSTRAINT target_check;
ALTER TABLE channel.target
  ADD CONSTRAINT target_kind_check CHECK (kind IN ('wecom', 'dingtalk', 'email', 'webhook', 'sms')),
  ADD CONSTRAINT target_check CHECK ((area_code IS NOT NULL)::int + (owner_id IS NOT NULL)::int + (subject IS NOT NULL)::int = 1);
CREATE INDEX ON channel.target (subject) WHERE subject IS NOT NULL AND removed_at IS NULL;
-- What a message is about, by the name of its module, and the recipient's own number for a delivery.
ALTER TABLE channel.message ADD source text;
CREATE INDEX ON channel.message (source) WHERE source IS NOT NULL;
ALTER TABLE channel.delivery ADD receipt text;
