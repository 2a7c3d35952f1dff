-- Whether the process that evaluates has everything up to date: the others answer people, too, who must know when it has not.
ALTER TABLE surveillance.lease ADD COLUMN ready boolean NOT NULL DEFAULT false;
