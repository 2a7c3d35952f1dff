-- Lots that wait for their release, and those whose release was withdrawn: few at any time.
CREATE INDEX ON coldchain.lot (id) WHERE kind = 'imported' AND releases = 0;
CREATE INDEX ON coldchain.lot (id) WHERE releases > 0 AND releases % 2 = 0;
CREATE INDEX ON coldchain.violation (path) WHERE state = 'open';
