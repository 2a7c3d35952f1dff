-- Whoever works in a part of a rule's area is judged by it, and so may read it: of rules, versions and back-tests those are
-- seen, too, whose area lies above the own. Changing them needs the rule's own area, as before.
CREATE POLICY covering ON surveillance.rule FOR SELECT TO vigil_app
  USING (EXISTS (SELECT FROM unnest((SELECT vigil.paths())) AS own(root) WHERE own.root ^@ path));
CREATE POLICY covering ON surveillance.version FOR SELECT TO vigil_app
  USING (EXISTS (SELECT FROM unnest((SELECT vigil.paths())) AS own(root) WHERE own.root ^@ path));
CREATE POLICY covering ON surveillance.study FOR SELECT TO vigil_app
  USING (kind = 'backtest' AND EXISTS (SELECT FROM unnest((SELECT vigil.paths())) AS own(root) WHERE own.root ^@ path));
CREATE POLICY covering ON surveillance.profile FOR SELECT TO vigil_app
  USING (EXISTS (SELECT FROM unnest((SELECT vigil.paths())) AS own(root) WHERE own.root ^@ path));
